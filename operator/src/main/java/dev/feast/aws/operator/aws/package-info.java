/**
 * The AWS services as this operator uses them: one call a method, errors classified, every call
 * rate limited.
 */
@NullMarked
package dev.feast.aws.operator.aws;

import org.jspecify.annotations.NullMarked;
