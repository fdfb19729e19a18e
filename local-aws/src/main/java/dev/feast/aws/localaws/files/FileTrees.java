package dev.feast.aws.localaws.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whole folders. */
public final class FileTrees {
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

  private FileTrees() {}

  /**
   * Deletes a file or a folder with all that is in it; nothing happens where it is not there.
   *
   * @throws IllegalArgumentException for a path that ends in {@code ..}: whoever made it did not
   *     mean all that is there
   */
  public static void delete(Path path) throws IOException {
    if (path.endsWith("..")) {
      throw new IllegalArgumentException(path + " is not deleted: it ends in ..");
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            // An image's folders need not be writable; deleting needs that.
            Files.setPosixFilePermissions(folder, OWN);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException problem)
              throws IOException {
            if (problem instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // somebody else deleted it
            }
            if (problem instanceof AccessDeniedException
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.isReadable(path)) {
              Files.setPosixFilePermissions(path, OWN);
              delete(path);
              return FileVisitResult.CONTINUE;
            }
            throw problem;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem)
              throws IOException {
            if (problem != null) {
              throw problem;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
