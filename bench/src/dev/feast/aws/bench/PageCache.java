package dev.feast.aws.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Linux's page cache. Java has no call for it, so that libc's is called: posix_fadvise, which takes
 * a file's pages out of it and leaves the rest of the machine alone.
 */
final class PageCache {
  private static final int READ_ONLY = 0;
  private static final int DONT_NEED = 4;

  private static final MethodHandle OPEN =
      function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle ADVISE =
      function(
          "posix_fadvise",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private PageCache() {}

  /** Forgets all that no process has mapped of the files below those folders. */
  static void forget(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      try (var files = Files.walk(folder)) {
        files.filter(Files::isRegularFile).forEach(PageCache::forget);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  private static void forget(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), READ_ONLY);
      if (descriptor < 0) {
        return;
      }
      int unused = (int) ADVISE.invokeExact(descriptor, 0L, 0L, DONT_NEED);
      int alsoUnused = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
