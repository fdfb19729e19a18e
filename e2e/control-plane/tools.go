//go:build tools

// Package controlplane pins the programs that the end-to-end tests and the quickstart run: a
// Kubernetes control plane, kubectl and helm. One module for all of them, so that they share the
// Kubernetes libraries and each of those is compiled once.
package controlplane

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "helm.sh/helm/v3/cmd/helm"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
