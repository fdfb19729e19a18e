/**
 * From a FeatureServer's spec and its feature_store.yaml to a typed config, or to all that is wrong
 * with them at once. Pure: no clock, no network, no Kubernetes.
 */
@NullMarked
package dev.feast.aws.operator.validation;

import org.jspecify.annotations.NullMarked;
