package dev.feast.aws.runtime.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JRE in the image: the JDK that runs this build, linked down to what the runtime uses. */
final class JavaRuntime {
  /** Module to the reason why it is in the image. */
  private static final Map<String, String> MODULES =
      ordered(
          "java.base", "the language itself, TLS and elliptic curves included",
          "java.logging",
              "protobuf and the AWS SDK log through it when they have something to complain about",
          "java.xml", "S3 answers in XML",
          "jdk.httpserver", "the local feature server's port",
          "jdk.net", "Apache's HTTP client sets keep-alive options of its sockets",
          "jdk.unsupported", "protobuf reads memory through sun.misc.Unsafe");

  /** Module that a dependency mentions, to the reason why the runtime does without it. */
  private static final Map<String, String> LEFT_OUT =
      ordered(
          "java.desktop",
          "java.beans annotations and introspection: Jackson and SnakeYAML look whether it is"
              + " there",
          "java.security.jgss",
          "Apache's HTTP client offers Kerberos to proxies that ask for it",
          "java.sql",
          "Jackson's serializers of SQL types, loaded only with such a type");

  /** Programs and files that jlink writes and nothing in the image opens. */
  private static final Predicate<String> UNUSED =
      Pattern.compile("bin/(?!java$).*|lib/(classlist|jexec|jrt-fs.jar|jspawnhelper|.*libjsig.so)")
          .asMatchPredicate();

  private final Jdk jdk;

  JavaRuntime(Jdk jdk) {
    this.jdk = jdk;
  }

  /** What decides how the linked JRE looks. */
  InputDigest inputs() throws IOException {
    return new InputDigest()
        .add("jlink", String.join(" ", options()))
        .addFile(jdk.home().resolve("release"));
  }

  /** Links into {@code folder}, which must not exist. */
  void link(Path folder) throws IOException, InterruptedException {
    var arguments = Stream.concat(options().stream(), Stream.of("--output", folder.toString()));
    jdk.run("jlink", arguments.toList());
    for (Path file : FileTree.files(folder)) {
      if (UNUSED.test(folder.relativize(file).toString())) {
        Files.delete(file);
      }
    }
  }

  /**
   * Which of {@code jars} use a JDK module that is neither in the image nor known to be
   * dispensable, as jdeps says it; empty when all is well.
   */
  Set<String> usesOfMissingModules(List<Path> jars) throws IOException, InterruptedException {
    var arguments =
        Stream.concat(
            Stream.of("--multi-release", "base", "--ignore-missing-deps", "-summary"),
            jars.stream().map(Path::toString));
    var uses = new TreeSet<String>();
    for (String line : jdk.run("jdeps", arguments.toList()).lines().toList()) {
      String module = line.substring(line.indexOf("->") + 2).strip();
      if (isJdkModule(module) && !MODULES.containsKey(module) && !LEFT_OUT.containsKey(module)) {
        uses.add(line.strip());
      }
    }
    return uses;
  }

  private static boolean isJdkModule(String name) {
    return name.startsWith("java.") || name.startsWith("jdk.");
  }

  /**
   * Classes are stored as they are: gzip then makes the layer 17 % smaller than over classes that
   * jlink compressed (22.2 instead of 26.7 MB), and starting has nothing to inflate. The method
   * handle classes that jlink would generate lie in the AOT cache.
   */
  private static List<String> options() {
    return List.of(
        "--add-modules",
        String.join(",", MODULES.keySet()),
        "--strip-debug",
        "--no-man-pages",
        "--no-header-files",
        "--compress=zip-0",
        "--disable-plugin=generate-jli-classes");
  }

  private static Map<String, String> ordered(String... keysAndValues) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
