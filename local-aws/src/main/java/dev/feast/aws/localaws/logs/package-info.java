/**
 * CloudWatch Logs, as far as functions and access logs need it: log groups, and what was written
 * into them.
 */
@NullMarked
package dev.feast.aws.localaws.logs;

import org.jspecify.annotations.NullMarked;
