package dev.feast.aws.runtime.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The files that image and bundle share, laid out below one folder: {@code jre/}, {@code
 * app/lambda-runtime.jar}, {@code app/lib/} and {@code app/lambda-runtime.aot}.
 *
 * <p>Each file gets the same fixed modification time here and in the image: the JVM takes a jar
 * whose time differs for another one than its AOT cache was made with.
 */
final class RuntimeFiles {
  private final Path root;
  private final Instant modified;

  RuntimeFiles(Path root, Instant modified) {
    this.root = root;
    this.modified = modified;
  }

  Path root() {
    return root;
  }

  Path jre() {
    return root.resolve(Launch.JRE);
  }

  Path app() {
    return root.resolve(Launch.APP);
  }

  Path java() {
    return jre().resolve("bin/java");
  }

  Path runtimeJar() {
    return app().resolve(Launch.RUNTIME_JAR);
  }

  Path aotCache() {
    return app().resolve(Launch.AOT_CACHE);
  }

  List<Path> dependencies(Launch launch) {
    return launch.dependencies().stream().map(app().resolve(Launch.LIB)::resolve).toList();
  }

  /** Puts our jar and what it depends on in place, and removes what an earlier build left there. */
  void putJars(Path runtimeJar, List<Path> dependencies) throws IOException {
    FileTree.delete(app());
    Files.createDirectories(app().resolve(Launch.LIB));
    put(runtimeJar, runtimeJar());
    for (Path dependency : dependencies) {
      put(dependency, app().resolve(Launch.LIB).resolve(dependency.getFileName()));
    }
  }

  void put(Path source, Path target) throws IOException {
    Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    normalize(target);
  }

  /** Gives a file the permissions and the time that it has in the image. */
  void normalize(Path file) throws IOException {
    Files.setPosixFilePermissions(
        file,
        PosixFilePermissions.fromString(Files.isExecutable(file) ? "rwxr-xr-x" : "rw-r--r--"));
    Files.setLastModifiedTime(file, FileTime.from(modified));
  }

  /** Path in the image to the file, of everything below {@code folder}. */
  NavigableMap<String, Path> imagePaths(Path folder) throws IOException {
    var paths = new TreeMap<String, Path>();
    for (Path file : FileTree.files(folder)) {
      paths.put("/" + root.relativize(file), file);
    }
    return paths;
  }
}
