/**
 * The IAM policies of the operator's role and of functions' execution roles, as they are needed.
 */
@NullMarked
package dev.feast.aws.operator.iam;

import org.jspecify.annotations.NullMarked;
