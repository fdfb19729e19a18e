package dev.feast.aws.e2e.controlplane;

import dev.feast.aws.e2e.process.Execution;
import dev.feast.aws.e2e.process.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Go as it is installed.
 *
 * @param version "1.24.3"
 */
record GoToolchain(Path program, String version) {
  /** From this version on Go fetches by itself the newer one that a go.mod asks for. */
  private static final int FETCHES_NEWER_ONES = 21;

  private static final Pattern VERSION = Pattern.compile("go version go(\\d+)\\.(\\d+)(\\S*)");

  /** The toolchain of that program, unless it does not say which it is. */
  static Optional<GoToolchain> of(Path program, Run run) throws IOException, InterruptedException {
    Execution said =
        Execution.run(
            run,
            List.of(program.toString(), "version"),
            Map.of(),
            run.folder(),
            Duration.ofSeconds(30));
    Matcher version = VERSION.matcher(said.output());
    return version.find()
        ? Optional.of(
            new GoToolchain(program, version.group(1) + "." + version.group(2) + version.group(3)))
        : Optional.empty();
  }

  /** Whether it can build a module that asks for a later version than it is. */
  boolean buildsNewerModules() {
    String[] numbers = version.split("[^0-9]+", -1);
    int major = Integer.parseInt(numbers[0]);
    return major > 1 || (major == 1 && Integer.parseInt(numbers[1]) >= FETCHES_NEWER_ONES);
  }
}
