package dev.feast.aws.e2e.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What was measured on, and when. */
record Machine(LocalDate date, int cores, String kernel, String jdk, String load) {
  static Machine now() throws IOException {
    return new Machine(
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.version"),
        System.getProperty("java.vendor.version", System.getProperty("java.version")),
        Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
  }

  /** As a row of a table says it. */
  String text() {
    return "%d cores, Linux %s, %s; load %s before the start".formatted(cores, kernel, jdk, load);
  }
}
