package dev.feast.aws.bench;

import dev.feast.aws.runtime.image.DocumentedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures cold starts and peak memory of each subject, one after the other, and prints a table.
 */
public final class Bench {
  private Bench() {}

  /**
   * Starts everything and prints the table.
   *
   * @param args the runtime's OCI layout folder, a folder for what is written, how many processes
   *     to start of each subject
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path layout = Path.of(args[0]);
    Path work = Files.createTempDirectory(Files.createDirectories(Path.of(args[1])), "run");
    int starts = Integer.parseInt(args[2]);
    say(Machine.facts());
    ImageSubject runtime = ImageSubject.unpack("this runtime", layout, work.resolve("root"));
    say("image        " + runtime.facts());
    say("request      the documented one: 3 rows, 3 features, 1 view, over DynamoDB Local");
    say("samples      " + starts + " processes of each, after 2 that are not counted");
    say("");
    try (DocumentedStore store = DocumentedStore.open(work.resolve("aws"))) {
      say(
          "                           start to first answer (ms)   one warm answer (ms)      peak"
              + " memory (MiB)");
      say(
          "                              p50     p90     max         p50     p90     max        "
              + " p50     p90     max");
      for (Subject subject : List.<Subject>of(runtime)) {
        // Not counted: they warm the page cache and the stores that all share.
        ColdStarts.measure(subject, 2, store.environment(), store.event(), store::isDocumented);
        say(
            row(
                subject,
                ColdStarts.measure(
                    subject, starts, store.environment(), store.event(), store::isDocumented)));
      }
    }
    System.exit(0); // DynamoDB Local leaves a thread behind
  }

  private static String row(Subject subject, ColdStarts measured) {
    return String.format(Locale.ROOT, "%-24s", subject.name())
        + columns("%10.0f%8.0f%8.0f", measured.toFirstAnswer())
        + columns("%12.2f%8.2f%8.2f", measured.warm())
        + columns("%12.0f%8.0f%8.0f", measured.peakMemory());
  }

  private static String columns(String format, Samples samples) {
    return String.format(
        Locale.ROOT, format, samples.quantile(0.5), samples.quantile(0.9), samples.max());
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
