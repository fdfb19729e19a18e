package dev.feast.aws.localaws.spi;

import dev.feast.aws.localaws.http.Request;
import java.time.Instant;
import java.util.UUID;

/** X-Ray's id of what a request is a part of. */
public final class TraceId {
  private TraceId() {}

  /** The caller's, or a new one. */
  public static String of(Request request, Instant now) {
    return request
        .header("X-Amzn-Trace-Id")
        .orElseGet(
            () -> {
              String hex = UUID.randomUUID().toString().replace("-", "");
              return "Root=1-%08x-%s".formatted(now.getEpochSecond(), hex.substring(0, 24));
            });
  }
}
