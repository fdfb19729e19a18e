package dev.feast.aws.runtime.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of JSON on standard error for each event of note, which Lambda's log collects. Not a
 * logging library, because that would be a good part of the start-up time. What clients sent and
 * what features hold is never logged.
 */
public final class Log {

  private static final JsonFactory JSON = new JsonFactory();

  private Log() {}

  /**
   * @param fields name, value, name, value...
   */
  public static void info(String message, Object... fields) {
    write("INFO", message, null, fields);
  }

  /**
   * @param fields name, value, name, value...
   */
  public static void warn(String message, Object... fields) {
    write("WARN", message, null, fields);
  }

  public static void error(String message, Throwable cause) {
    write("ERROR", message, cause);
  }

  private static void write(
      String level, String message, @Nullable Throwable cause, Object... fields) {
    var bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("timestamp", Instant.now().toString());
      json.writeStringField("level", level);
      json.writeStringField("message", message);
      for (int i = 0; i + 1 < fields.length; i += 2) {
        json.writeFieldName(String.valueOf(fields[i]));
        if (fields[i + 1] instanceof Number number) {
          json.writeNumber(number.toString());
        } else {
          json.writeString(String.valueOf(fields[i + 1]));
        }
      }
      if (cause != null) {
        var stack = new StringWriter();
        cause.printStackTrace(new PrintWriter(stack));
        json.writeStringField("exception", stack.toString());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.write('\n');
    // One write, so that lines of several threads do not mix.
    System.err.writeBytes(bytes.toByteArray());
  }
}
