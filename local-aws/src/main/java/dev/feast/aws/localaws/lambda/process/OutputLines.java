package dev.feast.aws.localaws.lambda.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Tells lines from each other in what a process writes; a line that is too long goes on in more.
 */
final class OutputLines {
  /** "The maximum event size is 256 KB", of CloudWatch Logs, where Lambda's log lines go. */
  static final int MAX_BYTES = 256 * 1024;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Consumer<String> log;

  /**
   * @param log takes the lines, without their ends
   */
  OutputLines(Consumer<String> log) {
    this.log = log;
  }

  /** Reads to the end; what has no line end is a line as well. */
  void read(InputStream output) throws IOException {
    try {
      byte[] buffer = new byte[8192];
      for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
        add(buffer, read);
      }
    } finally {
      if (line.size() > 0) {
        finish();
      }
    }
  }

  private void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        finish();
      } else {
        if (line.size() == MAX_BYTES) {
          finish();
        }
        line.write(bytes[i]);
      }
    }
  }

  private void finish() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    log.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }
}
