/** The validating webhook: what the API server asks before it stores a FeatureServer. */
@NullMarked
package dev.feast.aws.operator.admission;

import org.jspecify.annotations.NullMarked;
