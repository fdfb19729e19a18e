/** What a pass came to, told as conditions, status fields and Events. */
@NullMarked
package dev.feast.aws.operator.status;

import org.jspecify.annotations.NullMarked;
