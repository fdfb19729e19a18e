package dev.feast.aws.localaws.spi;

import dev.feast.aws.localaws.http.Request;
import java.time.Instant;
import java.util.UUID;

/** X-Ray's id of what a request is a part of. */
public final class TraceId {
  private TraceId() {}

  /**
   * The caller's, or a new one.
   *
   * @param more what a new one says beside its root
   */
  public static String of(Request request, Instant now, String more) {
    return request
        .header("X-Amzn-Trace-Id")
        .orElseGet(
            () -> {
              String hex = UUID.randomUUID().toString().replace("-", "");
              return "Root=1-%08x-%s%s".formatted(now.getEpochSecond(), hex.substring(0, 24), more);
            });
  }
}
