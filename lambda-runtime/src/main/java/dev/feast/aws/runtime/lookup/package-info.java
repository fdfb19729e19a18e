/** From a request to its answer: parse, plan against the registry, read, write. */
@NullMarked
package dev.feast.aws.runtime.lookup;

import org.jspecify.annotations.NullMarked;
