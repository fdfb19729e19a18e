package dev.feast.aws.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The files of a Java program's image, laid out below one folder as they are in the image: {@code
 * jre/}, {@code app/<program>.jar} and {@code app/lib/}.
 *
 * <p>Each file gets the same fixed modification time here and in the image: the JVM takes a jar
 * whose time differs for another one than its AOT cache was made with.
 */
public final class ImageFiles {
  /** Folder of the JRE, below the root. */
  public static final String JRE = "jre";

  /** Folder of the program, below the root; the working directory of its process. */
  public static final String APP = "app";

  /** Folder of the jars that the program depends on, below {@link #APP}. */
  public static final String LIB = "lib";

  /**
   * Where, seen from {@link #APP}, the launcher finds libjli.so when there is no /proc to learn its
   * own path from. Only this one folder: with libjvm.so's among them the launcher would start
   * itself a second time.
   */
  public static final String LD_LIBRARY_PATH = "../" + JRE + "/lib";

  private final Path root;
  private final String programJar;
  private final Instant modified;

  /**
   * @param programJar file name of the program's own jar
   * @param modified what every file says that it is from
   */
  public ImageFiles(Path root, String programJar, Instant modified) {
    this.root = root;
    this.programJar = programJar;
    this.modified = modified;
  }

  public Path root() {
    return root;
  }

  public Path jre() {
    return root.resolve(JRE);
  }

  public Path app() {
    return root.resolve(APP);
  }

  public Path lib() {
    return app().resolve(LIB);
  }

  public Path java() {
    return jre().resolve("bin/java");
  }

  public Path programJar() {
    return app().resolve(programJar);
  }

  /** Puts the program and what it depends on in place, and removes what an earlier build left. */
  public void putJars(Path jar, List<Path> dependencies) throws IOException {
    FileTree.delete(app());
    put(jar, programJar());
    for (Path dependency : dependencies) {
      put(dependency, lib().resolve(dependency.getFileName()));
    }
  }

  /** Copies one file, folders above it included. */
  public void put(Path source, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    normalize(target);
  }

  /** Gives a file the permissions and the time that it has in the image. */
  public void normalize(Path file) throws IOException {
    Files.setPosixFilePermissions(
        file,
        PosixFilePermissions.fromString(Files.isExecutable(file) ? "rwxr-xr-x" : "rw-r--r--"));
    Files.setLastModifiedTime(file, FileTime.from(modified));
  }

  /** Path in the image to the file, of everything below {@code folder}. */
  public NavigableMap<String, Path> imagePaths(Path folder) throws IOException {
    var paths = new TreeMap<String, Path>();
    for (Path file : FileTree.files(folder)) {
      paths.put(imagePath(file), file);
    }
    return paths;
  }

  /** A layer of everything below {@code folder}. */
  public Layer layer(String name, Path folder) throws IOException {
    return new Layer(name, imagePaths(folder));
  }

  /** A layer of one file. */
  public Layer layerOf(String name, Path file) {
    return new Layer(name, new TreeMap<>(Map.of(imagePath(file), file)));
  }

  /** Where the image has the file. */
  public String imagePath(Path file) {
    return "/" + root.relativize(file);
  }
}
