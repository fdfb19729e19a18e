/** feature_store.yaml, as Feast reads it, checked before anything else starts. */
@NullMarked
package dev.feast.aws.runtime.config;

import org.jspecify.annotations.NullMarked;
