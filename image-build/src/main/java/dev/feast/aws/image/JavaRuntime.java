package dev.feast.aws.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JRE in an image: the JDK that runs this build, linked down to what the program uses. */
public final class JavaRuntime {
  /** Programs and files that jlink writes and nothing in an image opens. */
  private static final Predicate<String> UNUSED =
      Pattern.compile("bin/(?!java$).*|lib/(classlist|jexec|jrt-fs.jar|jspawnhelper|.*libjsig.so)")
          .asMatchPredicate();

  private final Jdk jdk;
  private final Map<String, String> modules;
  private final Map<String, String> leftOut;

  /**
   * @param modules module to the reason why it is in the image
   * @param leftOut module that a dependency mentions, to the reason why the program does without it
   */
  public JavaRuntime(Jdk jdk, Map<String, String> modules, Map<String, String> leftOut) {
    this.jdk = jdk;
    this.modules = modules;
    this.leftOut = leftOut;
  }

  /** Modules and reasons, in the order in which they are given. */
  public static Map<String, String> reasons(String... modulesAndReasons) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < modulesAndReasons.length; i += 2) {
      map.put(modulesAndReasons[i], modulesAndReasons[i + 1]);
    }
    return map;
  }

  /** What decides how the linked JRE looks. */
  public InputDigest inputs() throws IOException {
    return new InputDigest()
        .add("jlink", String.join(" ", options()))
        .addFile(jdk.home().resolve("release"));
  }

  /**
   * Links into the folder of {@code files}, unless the same lies there already.
   *
   * @param progress is told where it takes the time
   */
  public void provide(ImageFiles files, Kept kept, Consumer<String> progress)
      throws IOException, InterruptedException {
    kept.unless(
        "jre",
        inputs().hex(),
        List.of(files.java()),
        () -> {
          progress.accept("linking its JRE");
          link(files);
        });
  }

  private void link(ImageFiles files) throws IOException, InterruptedException {
    FileTree.delete(files.jre());
    Files.createDirectories(files.root());
    var arguments =
        Stream.concat(options().stream(), Stream.of("--output", files.jre().toString()));
    jdk.run("jlink", arguments.toList());
    for (Path file : FileTree.files(files.jre())) {
      if (UNUSED.test(files.jre().relativize(file).toString())) {
        Files.delete(file);
      } else {
        files.normalize(file);
      }
    }
  }

  /** The layer of the linked JRE and of this machine's libraries that it needs. */
  public static Layer layer(ImageFiles files) throws IOException {
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
    return new Layer("Java runtime and C library", paths);
  }

  /**
   * Which of {@code jars} use a JDK module that is neither in the image nor known to be
   * dispensable, as jdeps says it; empty when all is well.
   */
  public Set<String> usesOfMissingModules(List<Path> jars)
      throws IOException, InterruptedException {
    String feature = String.valueOf(Runtime.version().feature());
    var arguments =
        Stream.concat(
            Stream.of("--multi-release", feature, "--ignore-missing-deps", "-summary"),
            jars.stream().map(Path::toString));
    var uses = new TreeSet<String>();
    for (String line : jdk.run("jdeps", arguments.toList()).lines().toList()) {
      String module = line.substring(line.indexOf("->") + 2).strip();
      if (isJdkModule(module) && !modules.containsKey(module) && !leftOut.containsKey(module)) {
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
   * handle classes that jlink would generate lie in the runtime's AOT cache.
   */
  private List<String> options() {
    return List.of(
        "--add-modules",
        String.join(",", modules.keySet()),
        "--strip-debug",
        "--no-man-pages",
        "--no-header-files",
        "--compress=zip-0",
        "--disable-plugin=generate-jli-classes");
  }
}
