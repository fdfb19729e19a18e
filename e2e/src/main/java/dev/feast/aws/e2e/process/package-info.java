/** Processes that a run starts, records, and ends whatever happens. */
@NullMarked
package dev.feast.aws.e2e.process;

import org.jspecify.annotations.NullMarked;
