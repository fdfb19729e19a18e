package dev.feast.aws.operator.build;

import dev.feast.aws.image.Architecture;
import dev.feast.aws.image.ImageFiles;
import dev.feast.aws.image.JavaRuntime;
import dev.feast.aws.image.OciImage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operator's container image: which files, in which layers, started how. */
final class OperatorImage {
  static final String NAME = "feature-server-operator";
  static final String JAR = "operator.jar";

  /** Beside the jar, where the operator looks for the image that it copies into ECR. */
  static final String RUNTIME_IMAGE = "runtime-image";

  /** Nobody's, as distroless images have it; the chart's Deployment says the same. */
  static final String USER = "65532:65532";

  /** Modules of its JRE. */
  static final Map<String, String> MODULES =
      JavaRuntime.reasons(
          "java.base", "the language itself, TLS and elliptic curves included",
          "java.logging", "libraries that log through it",
          "java.management", "Micrometer reads what the JVM measures of itself",
          "java.naming", "Apache's HTTP client reads the names in certificates with it",
          "java.net.http", "the Kubernetes client and the image mirror",
          "java.security.jgss", "Apache's HTTP client sets up Kerberos for proxies at its start",
          "java.xml", "Logback's configuration, STS' answers",
          "jdk.httpserver", "health, metrics and the webhook",
          "jdk.management", "Micrometer's numbers of processes and files",
          "jdk.unsupported", "libraries that read memory through sun.misc.Unsafe");

  /** Modules that a dependency mentions, and why the operator does without them. */
  static final Map<String, String> MODULES_LEFT_OUT =
      JavaRuntime.reasons(
          "java.compiler",
          "annotation processors of JOSDK and JavaPoet, which work while something is compiled",
          "java.desktop",
          "java.beans: Jackson and SnakeYAML look whether it is there, Micrometer watches Log4j"
              + " with it",
          "java.sql",
          "Jackson's serializers and Micrometer's meters of it, loaded only with such a type");

  private static final List<String> FLAGS =
      List.of(
          // A thread without memory would leave an operator that reconciles some and not others.
          "-XX:+ExitOnOutOfMemoryError",
          // The rest is code, threads and buffers.
          "-XX:MaxRAMPercentage=60",
          // No file in /tmp that nobody reads.
          "-XX:-UsePerfData",
          // Netty's and protobuf's, which the JVM would write four lines about into the log.
          "--sun-misc-unsafe-memory-access=allow");

  private OperatorImage() {}

  /**
   * The layers go from what changes least to what changes most, so that an upgrade pulls little.
   *
   * @param created what the image and every file in it say that they are from
   */
  static OciImage of(ImageFiles files, String version, Instant created) throws IOException {
    return new OciImage(
        NAME + ":" + version,
        Architecture.ofThisMachine().oci(),
        List.of(
            JavaRuntime.layer(files),
            files.layer("dependencies", files.lib()),
            files.layer("runtime image", files.app().resolve(RUNTIME_IMAGE)),
            files.layerOf("operator", files.programJar())),
        entrypoint(files),
        Map.of("LD_LIBRARY_PATH", ImageFiles.LD_LIBRARY_PATH),
        "/" + ImageFiles.APP,
        Optional.of(USER),
        OciImage.labels(
            "Feature server operator",
            "Reconciles Feast feature servers on AWS Lambda from Kubernetes resources.",
            version),
        created);
  }

  /** Java itself: there is no shell in the image, and none is needed. */
  private static List<String> entrypoint(ImageFiles files) {
    var command = new ArrayList<String>();
    command.add(files.imagePath(files.java()));
    command.addAll(FLAGS);
    command.addAll(List.of("-jar", JAR));
    return command;
  }
}
