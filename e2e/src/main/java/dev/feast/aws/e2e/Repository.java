package dev.feast.aws.e2e;

import dev.feast.aws.e2e.process.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A clone of this repository in which {@code mvn package} has run.
 *
 * @param built where the modules' folders with what was built are: the clone itself, or a copy
 */
public record Repository(Path root, Path built) {
  private static final List<String> PROGRAMS =
      List.of(
          "local-aws/target/local-aws.jar",
          "local-aws/target/lib",
          "operator/target/operator.jar",
          "operator/target/lib",
          "operator/target/runtime-image");

  public Repository(Path root) {
    this(root, root);
  }

  /** The same with its own copy of the programs: the next build may replace those in the clone. */
  Repository withProgramsCopiedTo(Path folder) throws IOException {
    for (String program : PROGRAMS) {
      FileTree.copy(root.resolve(program), folder.resolve(program));
    }
    return new Repository(root, folder);
  }

  Path chart() {
    return root.resolve("helm/feature-server-operator");
  }

  Path localAwsJar() {
    return built.resolve("local-aws/target/local-aws.jar");
  }

  Path operatorJar() {
    return built.resolve("operator/target/operator.jar");
  }

  /** The OCI layout of the operator's image. */
  Path operatorImage() {
    return root.resolve("operator/target/image");
  }

  /** Feast's documented example: a FeatureServer, the store's data, a request and its answer. */
  Path documentedExample() {
    return root.resolve("examples/documented");
  }
}
