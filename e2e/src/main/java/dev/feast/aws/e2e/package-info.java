/** The parts of this project as processes on one machine: for the tests, and for the quickstart. */
@NullMarked
package dev.feast.aws.e2e;

import org.jspecify.annotations.NullMarked;
