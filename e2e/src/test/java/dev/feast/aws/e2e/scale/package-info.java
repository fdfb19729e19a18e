/**
 * How the operator does with many FeatureServers, and over time: what bench/scale and bench/soak
 * run.
 */
@NullMarked
package dev.feast.aws.e2e.scale;

import org.jspecify.annotations.NullMarked;
