package dev.feast.aws.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The machine's own shared libraries that a set of programs and libraries is started with: the
 * dynamic loader and glibc, which an image from scratch has to bring along.
 *
 * <p>They keep the paths under which they were found: the loader that is taken along looks where it
 * was built to look, which differs between distributions ({@code /lib/x86_64-linux-gnu}, {@code
 * /lib64}).
 */
final class SystemLibraries {
  /** The loader's own search path, in its order, of Debian's kind and of Red Hat's. */
  private final List<Path> searched;

  SystemLibraries(Architecture architecture) {
    String triplet = architecture.triplet();
    this.searched =
        List.of(
            Path.of("/lib", triplet),
            Path.of("/usr/lib", triplet),
            Path.of("/lib64"),
            Path.of("/usr/lib64"),
            Path.of("/lib"),
            Path.of("/usr/lib"));
  }

  /**
   * All that {@code files} and what they need in turn are linked with, without {@code files}
   * themselves.
   *
   * @throws IOException when a library is on none of the loader's paths, naming it and what needs
   *     it
   */
  NavigableSet<Path> neededBy(Collection<Path> files) throws IOException {
    Set<String> brought =
        files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    // The loaders first: glibc names its loader among what it needs, and it is not to be brought
    // twice.
    var found = new TreeSet<Path>();
    for (Path file : files) {
      ElfFile.read(file).interpreter().map(Path::of).ifPresent(found::add);
    }
    var open = new ArrayDeque<>(files);
    open.addAll(found);
    while (!open.isEmpty()) {
      Path file = open.pop();
      for (String name : ElfFile.read(file).needed()) {
        if (!brought.contains(name) && found.stream().noneMatch(path -> path.endsWith(name))) {
          Path library = find(name).orElseThrow(() -> missing(name, file));
          found.add(library);
          open.add(library);
        }
      }
    }
    return found;
  }

  private Optional<Path> find(String name) {
    return searched.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private IOException missing(String name, Path neededBy) {
    return new IOException(
        ("%s needs the library %s, which is in none of %s. The image takes glibc from the machine"
             + " that builds it: build on a Linux distribution with glibc, with a JDK made for it.")
            .formatted(neededBy, name, searched));
  }
}
