package dev.feast.aws.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A document whose blocks of {@code console} are commands, each after {@code $}, and what they say:
 * what it shows is what happens.
 */
final class ConsoleDocument {
  private static final String BLOCK = "```console";
  private static final String END = "```";
  private static final String PROMPT = "$ ";

  private ConsoleDocument() {}

  /** Runs a command and returns what it says, as a reader is to see it. */
  interface Console {
    String say(String command) throws IOException, InterruptedException;
  }

  /** The document with what its commands say now, in place of what they said. */
  static String played(Path document, Console console) throws IOException, InterruptedException {
    List<String> played = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(document)) {
      if (line.equals(BLOCK)) {
        inside = true;
        played.add(line);
      } else if (line.equals(END)) {
        inside = false;
        played.add(line);
      } else if (!inside) {
        played.add(line);
      } else if (line.startsWith(PROMPT)) {
        played.add(line);
        console.say(line.substring(PROMPT.length())).lines().forEach(played::add);
      }
    }
    return String.join("\n", played) + "\n";
  }
}
