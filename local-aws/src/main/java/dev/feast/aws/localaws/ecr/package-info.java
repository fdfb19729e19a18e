/**
 * ECR: its API and the OCI distribution registry behind it.
 *
 * <p>Blobs are files named by their digest under {@code --data}, stored once for all repositories;
 * repositories, manifests and tags live as long as the process.
 */
@NullMarked
package dev.feast.aws.localaws.ecr;

import org.jspecify.annotations.NullMarked;
