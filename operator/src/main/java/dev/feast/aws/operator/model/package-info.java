/**
 * What should be in AWS and what was found there: immutable records without behaviour of AWS or
 * Kubernetes.
 */
@NullMarked
package dev.feast.aws.operator.model;

import org.jspecify.annotations.NullMarked;
