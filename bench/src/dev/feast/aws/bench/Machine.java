package dev.feast.aws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was measured on: numbers mean nothing without it. */
final class Machine {
  private Machine() {}

  static String facts() throws IOException {
    return "machine      %s, %d cores, %s, Linux %s%njdk          %s%nload         %s (the more above 0 before it starts, the less the numbers say)"
        .formatted(
            field("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            field("/proc/meminfo", "MemTotal"),
            System.getProperty("os.version"),
            System.getProperty("java.vendor.version", System.getProperty("java.version")),
            Files.readString(Path.of("/proc/loadavg")).strip());
  }

  private static String field(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(name + " unknown");
  }
}
