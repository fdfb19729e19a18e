/**
 * Brings an image by digest to where Lambda takes it from: from the shipped OCI layout or another
 * registry to ECR, without a Docker daemon.
 */
@NullMarked
package dev.feast.aws.operator.image;

import org.jspecify.annotations.NullMarked;
