/**
 * Builds the operator's container image at Maven's {@code package} phase; shipped nowhere, compiled
 * beside the tests.
 */
@NullMarked
package dev.feast.aws.operator.build;

import org.jspecify.annotations.NullMarked;
