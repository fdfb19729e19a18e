/** What whoever runs the operator lets those do who may create FeatureServers, by namespace. */
@NullMarked
package dev.feast.aws.operator.policy;

import org.jspecify.annotations.NullMarked;
