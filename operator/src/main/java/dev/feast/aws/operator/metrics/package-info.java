/** What the operator measures of itself, and how Prometheus reads it. */
@NullMarked
package dev.feast.aws.operator.metrics;

import org.jspecify.annotations.NullMarked;
