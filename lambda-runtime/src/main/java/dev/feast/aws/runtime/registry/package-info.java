/** Feast's registry: read from S3, kept, looked at again when it may have changed. */
@NullMarked
package dev.feast.aws.runtime.registry;

import org.jspecify.annotations.NullMarked;
