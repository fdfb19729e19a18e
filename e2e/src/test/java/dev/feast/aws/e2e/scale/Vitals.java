package dev.feast.aws.e2e.scale;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM takes of the machine.
 *
 * @param liveHeap bytes of objects that a full collection left
 * @param peakResident bytes, the most that the process ever had resident (VmHWM)
 * @param threads of the kernel; virtual threads are none
 * @param files open file descriptors, sockets included
 */
record Vitals(long liveHeap, long peakResident, int threads, int files) {
  private static final Pattern TOTAL =
      Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);

  /** Reads them; the heap is collected for it. */
  static Vitals of(long pid) throws IOException, InterruptedException {
    Path proc = Path.of("/proc", Long.toString(pid));
    return new Vitals(
        liveHeap(pid),
        1024 * number(proc, "VmHWM"),
        Math.toIntExact(number(proc, "Threads")),
        files(proc));
  }

  double liveHeapMiB() {
    return liveHeap / 1024.0 / 1024;
  }

  double peakResidentMiB() {
    return peakResident / 1024.0 / 1024;
  }

  private static long liveHeap(long pid) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(histogram);
    if (jcmd.waitFor() != 0 || !total.find()) {
      throw new IOException("jcmd of process " + pid + " says: " + histogram);
    }
    return Long.parseLong(total.group(1));
  }

  private static long number(Path proc, String field) throws IOException {
    return Files.readAllLines(proc.resolve("status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IOException("There is no " + field + " of " + proc));
  }

  private static int files(Path proc) throws IOException {
    try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
      return Math.toIntExact(files.count());
    }
  }
}
