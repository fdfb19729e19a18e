package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.operator.metrics.FeatureServerState;
import dev.feast.aws.operator.metrics.FeatureServerState.Progress;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All FeatureServers as the operator's watch has them, for metrics. */
final class FeatureServers {
  private static final Set<String> OFF = Set.of("Suspended", "Disabled");

  private volatile Supplier<Stream<FeatureServer>> known = Stream::empty;

  /** Takes them from there, which costs no question to the API server. */
  void from(Supplier<Stream<FeatureServer>> cache) {
    known = cache;
  }

  Stream<FeatureServerState> states() {
    return known.get().map(FeatureServers::state);
  }

  static FeatureServerState state(FeatureServer resource) {
    FeatureServerStatus status = Facts.of(resource);
    String reason = status.condition(ConditionType.READY).map(Condition::reason).orElse("Pending");
    return new FeatureServerState(
        resource.getMetadata().getNamespace(),
        resource.getMetadata().getName(),
        isTrue(status, ConditionType.READY),
        progress(resource, status, reason),
        reason,
        status.registry() == null ? null : instant(status.registry().lastUpdated()));
  }

  private static Progress progress(
      FeatureServer resource, FeatureServerStatus status, String reason) {
    if (resource.getMetadata().getDeletionTimestamp() != null) {
      return Progress.DELETING;
    }
    if (isTrue(status, ConditionType.STALLED)) {
      return Progress.STALLED;
    }
    if (status.observedGeneration() == null || isTrue(status, ConditionType.RECONCILING)) {
      return Progress.RECONCILING;
    }
    return OFF.contains(reason) ? Progress.OFF : Progress.COMPLETE;
  }

  private static boolean isTrue(FeatureServerStatus status, ConditionType type) {
    return status.condition(type).filter(c -> c.status() == ConditionStatus.True).isPresent();
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return null; // An image of the user's own may say anything.
    }
  }
}
