package dev.feast.aws.localaws.lambda;

import java.time.Instant;
import java.util.UUID;

/**
 * A version of a function as it is at one moment.
 *
 * @param version {@code $LATEST} or a number
 * @param revisionId another one after each change
 */
record FunctionVersion(
    String version, Settings settings, Status status, Instant lastModified, String revisionId) {
  static final String LATEST = "$LATEST";

  static FunctionVersion of(String version, Settings settings, Status status, Instant now) {
    return new FunctionVersion(version, settings, status, now, newRevision());
  }

  FunctionVersion with(Status newStatus) {
    return new FunctionVersion(version, settings, newStatus, lastModified, newRevision());
  }

  FunctionVersion touched() {
    return with(status);
  }

  static String newRevision() {
    return UUID.randomUUID().toString();
  }
}
