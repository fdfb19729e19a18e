package dev.feast.aws.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The classes that build something, as an input of what they make. */
public final class BuilderCode {
  private BuilderCode() {}

  /** All of this package, and all of the package of {@code builder}, resources included. */
  public static InputDigest all(Class<?> builder) throws IOException {
    var digest = new InputDigest();
    addPackage(BuilderCode.class, digest);
    addPackage(builder, digest);
    return digest;
  }

  /** These classes alone. */
  public static InputDigest of(List<Class<?>> classes) throws IOException {
    var digest = new InputDigest();
    for (Class<?> type : classes) {
      String name = type.getSimpleName() + ".class";
      try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(name), name)) {
        digest.add(name, in);
      }
    }
    return digest;
  }

  /** Of a jar all is added, for a module of the build is one once it was packaged. */
  private static void addPackage(Class<?> type, InputDigest digest) throws IOException {
    Path code = codeOf(type);
    if (Files.isRegularFile(code)) {
      digest.addFile(code);
      return;
    }
    for (Path file : FileTree.files(code.resolve(type.getPackageName().replace('.', '/')))) {
      digest.addFile(file);
    }
  }

  private static Path codeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
