/** One JSON line for each event of note. */
@NullMarked
package dev.feast.aws.runtime.log;

import org.jspecify.annotations.NullMarked;
