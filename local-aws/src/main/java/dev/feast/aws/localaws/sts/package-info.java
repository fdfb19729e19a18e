/** STS, and the access keys that it and Lambda issue. */
@NullMarked
package dev.feast.aws.localaws.sts;

import org.jspecify.annotations.NullMarked;
