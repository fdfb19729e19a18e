/**
 * Functions as processes: an image's entrypoint in a sandbox of its own, talking to a Runtime API
 * of its own.
 */
@NullMarked
package dev.feast.aws.localaws.lambda.process;

import org.jspecify.annotations.NullMarked;
