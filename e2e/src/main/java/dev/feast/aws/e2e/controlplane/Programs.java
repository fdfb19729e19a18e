package dev.feast.aws.e2e.controlplane;

import java.nio.file.Path;

/**
 * The programs that a control plane is made of, and those that its users type.
 *
 * @param controlPlane folder that holds kube-apiserver, etcd and kubectl
 * @param version of kube-apiserver and kubectl, without the leading v
 */
public record Programs(Path controlPlane, String version, Path helm) {
  static final String KUBE_APISERVER = "kube-apiserver";
  static final String ETCD = "etcd";
  static final String KUBECTL = "kubectl";
  static final String HELM = "helm";

  Path kubeApiServer() {
    return controlPlane.resolve(KUBE_APISERVER);
  }

  Path etcd() {
    return controlPlane.resolve(ETCD);
  }

  public Path kubectl() {
    return controlPlane.resolve(KUBECTL);
  }
}
