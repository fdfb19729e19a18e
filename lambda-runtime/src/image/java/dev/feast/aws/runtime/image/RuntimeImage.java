package dev.feast.aws.runtime.image;

import dev.feast.aws.image.Architecture;
import dev.feast.aws.image.ImageFiles;
import dev.feast.aws.image.JavaRuntime;
import dev.feast.aws.image.OciImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runtime's container image: which files, in which layers, started how. */
final class RuntimeImage {
  static final String NAME = "feature-server-runtime";

  /** Modules of its JRE. */
  static final Map<String, String> MODULES =
      JavaRuntime.reasons(
          "java.base", "the language itself, TLS and elliptic curves included",
          "java.logging",
              "protobuf and the AWS SDK log through it when they have something to complain about",
          "java.xml", "S3 answers in XML",
          "jdk.httpserver", "the local feature server's port",
          "jdk.net", "Apache's HTTP client sets keep-alive options of its sockets",
          "jdk.unsupported", "protobuf reads memory through sun.misc.Unsafe");

  /** Modules that a dependency mentions, and why the runtime does without them. */
  static final Map<String, String> MODULES_LEFT_OUT =
      JavaRuntime.reasons(
          "java.desktop",
          "java.beans annotations and introspection: Jackson and SnakeYAML look whether it is"
              + " there",
          "java.security.jgss",
          "Apache's HTTP client offers Kerberos to proxies that ask for it",
          "java.sql",
          "Jackson's serializers of SQL types, loaded only with such a type");

  /**
   * Says to Lambda that the image may be put into a snapshot. The runtime asks for that by itself;
   * this says so to whoever looks at the image.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html">
   *     SnapStart hooks for container images</a>
   */
  private static final String SNAPSTART_LABEL = "com.amazonaws.lambda.feature.snapstart";

  private final ImageFiles files;
  private final Launch launch;

  RuntimeImage(ImageFiles files, Launch launch) {
    this.files = files;
    this.launch = launch;
  }

  /**
   * The layers go from what changes least to what changes most, so that an upgrade pushes and pulls
   * little.
   *
   * @param created what the image and every file in it say that they are from
   */
  OciImage of(String version, Instant created) throws IOException {
    return new OciImage(
        NAME + ":" + version,
        Architecture.ofThisMachine().oci(),
        List.of(
            JavaRuntime.layer(files),
            files.layer("dependencies", files.lib()),
            files.layerOf("feature server", files.programJar()),
            files.layerOf("AOT cache", aotCache(files))),
        entrypoint(),
        Map.of("LD_LIBRARY_PATH", ImageFiles.LD_LIBRARY_PATH),
        Launch.WORKING_DIRECTORY,
        Optional.empty(),
        labels(version),
        created);
  }

  private static Map<String, String> labels(String version) {
    var labels =
        new HashMap<>(
            OciImage.labels(
                "Feast feature server for AWS Lambda",
                "Answers Feast online feature lookups from DynamoDB inside AWS Lambda.",
                version));
    labels.put(SNAPSTART_LABEL, "Allow");
    return labels;
  }

  static Path aotCache(ImageFiles files) {
    return files.app().resolve(Launch.AOT_CACHE);
  }

  /** The JVM itself: there is no shell in the image, and none is needed. */
  private List<String> entrypoint() {
    var command = new ArrayList<String>();
    command.add(files.imagePath(files.java()));
    command.addAll(launch.arguments(""));
    return command;
  }
}
