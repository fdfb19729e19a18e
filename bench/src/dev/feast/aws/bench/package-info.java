/** Measures what starts and answers, on this machine, in one run; see README.md beside. */
@NullMarked
package dev.feast.aws.bench;

import org.jspecify.annotations.NullMarked;
