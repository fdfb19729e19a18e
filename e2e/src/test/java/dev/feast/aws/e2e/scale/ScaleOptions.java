package dev.feast.aws.e2e.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param repository a clone in which everything is built
 * @param sizes how many FeatureServers, one after the other
 * @param idle how long to look at the last of these when nothing happens; zero: not at all
 * @param many how many FeatureServers to make without limits, to see the heap; 0: not at all
 * @param docs where to write; null prints
 * @param command what the user typed
 */
record ScaleOptions(
    Path repository,
    List<Integer> sizes,
    Duration idle,
    int many,
    @Nullable Path docs,
    String command) {

  static ScaleOptions parse(List<String> args) throws IOException {
    Path repository = Path.of("");
    List<Integer> sizes = List.of(100, 300, 1_000);
    Duration idle = Duration.ofMinutes(12);
    int many = 0;
    Path docs = null;
    String command = "";
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      String value = rest.next();
      switch (option) {
        case "--repository" -> repository = Path.of(value).toRealPath();
        case "--sizes" -> sizes = Stream.of(value.split(",")).map(Integer::valueOf).toList();
        case "--idle" -> idle = Duration.ofMinutes(Long.parseLong(value));
        case "--many" -> many = Integer.parseInt(value);
        case "--docs" -> docs = Path.of(value);
        case "--command" -> command = value;
        default -> throw new IOException("unknown option " + option);
      }
    }
    return new ScaleOptions(repository, sizes, idle, many, docs, command);
  }
}
