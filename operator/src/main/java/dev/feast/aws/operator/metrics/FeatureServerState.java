package dev.feast.aws.operator.metrics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a FeatureServer's status says, as far as it is measured.
 *
 * @param ready whether its endpoint serves, be it a former generation
 * @param reason of its condition Ready
 * @param registryUpdated when Feast's registry was written, as the version that serves reported it
 *     when it was probed; null where none did
 */
public record FeatureServerState(
    String namespace,
    String name,
    boolean ready,
    Progress progress,
    String reason,
    @Nullable Instant registryUpdated) {

  /** Where it stands, as kstatus reads it. */
  public enum Progress {
    COMPLETE,
    RECONCILING,
    STALLED,
    OFF,
    DELETING
  }
}
