package dev.feast.aws.e2e.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to soak.
 *
 * @param repository a clone in which everything is built
 * @param duration of edits, faults and restarts
 * @param seed decides what is done to whom; when it comes depends on the machine
 * @param docs where to write; null prints
 * @param command what the user typed
 */
record SoakOptions(
    Path repository, Duration duration, long seed, @Nullable Path docs, String command) {

  static SoakOptions parse(List<String> args) throws IOException {
    Path repository = Path.of("");
    Duration duration = Duration.ofMinutes(10);
    long seed = 1;
    Path docs = null;
    String command = "";
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      String value = rest.next();
      switch (option) {
        case "--repository" -> repository = Path.of(value).toRealPath();
        case "--minutes" -> duration = Duration.ofMinutes(Long.parseLong(value));
        case "--seed" -> seed = Long.parseLong(value);
        case "--docs" -> docs = Path.of(value);
        case "--command" -> command = value;
        default -> throw new IOException("unknown option " + option);
      }
    }
    return new SoakOptions(repository, duration, seed, docs, command);
  }
}
