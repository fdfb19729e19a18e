/**
 * S3 in path style. A bucket is a folder below {@code <data>/s3}, an object a file in it (content
 * first, then what belongs to it), which appears and is replaced by a rename: a reader sees the old
 * object or the new one, and so does a process that starts after a crash.
 */
@NullMarked
package dev.feast.aws.localaws.s3;

import org.jspecify.annotations.NullMarked;
