/**
 * Builds the runtime's container image and its bundle at Maven's {@code package} phase.
 *
 * <p>Nothing here is shipped: the classes are compiled beside the tests, for they need local-aws
 * (the AOT cache's training run) and {@link dev.feast.aws.image}. {@link
 * dev.feast.aws.runtime.image.ImageBuild} is where to start reading.
 */
@NullMarked
package dev.feast.aws.runtime.image;

import org.jspecify.annotations.NullMarked;
