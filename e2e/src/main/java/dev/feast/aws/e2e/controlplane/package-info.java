/**
 * A real Kubernetes control plane on this machine: where its programs come from, and how it runs.
 */
@NullMarked
package dev.feast.aws.e2e.controlplane;

import org.jspecify.annotations.NullMarked;
