package dev.feast.aws.e2e;

import java.nio.file.Path;

/** A clone of this repository in which {@code mvn package} has run. */
public record Repository(Path root) {
  Path chart() {
    return root.resolve("helm/feature-server-operator");
  }

  Path localAwsJar() {
    return root.resolve("local-aws/target/local-aws.jar");
  }

  Path operatorJar() {
    return root.resolve("operator/target/operator.jar");
  }

  /** Feast's documented example: a FeatureServer, the store's data, a request and its answer. */
  Path documentedExample() {
    return root.resolve("examples/documented");
  }
}
