package dev.feast.aws.runtime.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The runtime's container image: which files, in which layers, started how. */
final class RuntimeImage {
  static final String NAME = "feature-server-runtime";

  private final RuntimeFiles files;
  private final Launch launch;

  RuntimeImage(RuntimeFiles files, Launch launch) {
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
            new Layer("Java runtime and C library", javaRuntime()),
            new Layer("dependencies", files.imagePaths(files.app().resolve(Launch.LIB))),
            new Layer("feature server", only(files.runtimeJar())),
            new Layer("AOT cache", only(files.aotCache()))),
        entrypoint(),
        Map.of("LD_LIBRARY_PATH", Launch.LD_LIBRARY_PATH),
        Launch.WORKING_DIRECTORY,
        labels(version),
        created);
  }

  /** The JVM itself: there is no shell in the image, and none is needed. */
  private List<String> entrypoint() {
    var command = new ArrayList<String>();
    command.add("/" + files.root().relativize(files.java()));
    command.addAll(launch.arguments(""));
    return command;
  }

  private NavigableMap<String, Path> javaRuntime() throws IOException {
    NavigableMap<String, Path> paths = files.imagePaths(files.jre());
    var linked = new ArrayList<Path>();
    for (Path file : paths.values()) {
      if (ElfFile.isElf(file)) {
        linked.add(file);
      }
    }
    for (Path library : new SystemLibraries(Architecture.ofThisMachine()).neededBy(linked)) {
      paths.put(library.toString(), library.toRealPath());
    }
    return paths;
  }

  private NavigableMap<String, Path> only(Path file) {
    return new TreeMap<>(Map.of("/" + files.root().relativize(file), file));
  }

  /**
   * The keys that OCI predefines. The licences are those of the code in it: ours and our
   * libraries', OpenJDK's, glibc's.
   *
   * @see <a href="https://github.com/opencontainers/image-spec/blob/main/annotations.md">OCI
   *     annotations</a>
   */
  private static Map<String, String> labels(String version) {
    return Map.of(
        "org.opencontainers.image.title", "Feast feature server for AWS Lambda",
        "org.opencontainers.image.description",
            "Answers Feast online feature lookups from DynamoDB inside AWS Lambda.",
        "org.opencontainers.image.version", version,
        "org.opencontainers.image.licenses",
            "Apache-2.0 AND GPL-2.0-only WITH Classpath-exception-2.0 AND LGPL-2.1-or-later");
  }
}
