package dev.feast.aws.runtime.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** This package's own classes, as an input of what they make. */
final class BuilderCode {
  private BuilderCode() {}

  /** All of them, and their resources. */
  static InputDigest all() throws IOException {
    var digest = new InputDigest();
    for (Path file : FileTree.files(folder())) {
      digest.addFile(file);
    }
    return digest;
  }

  static InputDigest of(List<Class<?>> classes) throws IOException {
    var digest = new InputDigest();
    for (Class<?> type : classes) {
      String name = type.getSimpleName() + ".class";
      try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(name), name)) {
        digest.add(name, in);
      }
    }
    return digest;
  }

  private static Path folder() {
    try {
      Path classes =
          Path.of(BuilderCode.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolve(BuilderCode.class.getPackageName().replace('.', '/'));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
