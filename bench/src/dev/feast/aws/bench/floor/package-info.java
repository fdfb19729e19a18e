/**
 * The floor: processes that only read what a lookup would read. They run on the image's JRE, with
 * the runtime's jars and flags.
 */
@NullMarked
package dev.feast.aws.bench.floor;

import org.jspecify.annotations.NullMarked;
