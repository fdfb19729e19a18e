package dev.feast.aws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What was measured on, and when: numbers mean nothing without it.
 *
 * @param load of the machine before anything was started
 */
record Machine(
    LocalDate date,
    String processor,
    int cores,
    long memoryGib,
    String kernel,
    String jdk,
    String load) {

  static Machine now() throws IOException {
    String kib = field("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
    return new Machine(
        LocalDate.now(ZoneOffset.UTC),
        field("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        Math.round(Long.parseLong(kib) / 1024.0 / 1024),
        System.getProperty("os.version"),
        System.getProperty("java.vendor.version", System.getProperty("java.version")),
        List.of(Files.readString(Path.of("/proc/loadavg")).split(" ")).getFirst());
  }

  private static String field(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(name + " unknown");
  }
}
