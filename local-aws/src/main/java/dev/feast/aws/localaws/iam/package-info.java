/**
 * IAM as far as it decides whether a call may be made: roles with their policies, and the
 * evaluation of both. What each operation needs is told by its service, as {@link
 * dev.feast.aws.localaws.spi.Permissions}.
 */
@NullMarked
package dev.feast.aws.localaws.iam;

import org.jspecify.annotations.NullMarked;
