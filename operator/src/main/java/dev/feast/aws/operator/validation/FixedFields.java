package dev.feast.aws.operator.validation;

import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import java.util.Optional;

/** What stays as it was at the first deployment. */
public final class FixedFields {
  /** The reason of conditions. */
  public static final String CHANGED = "FixedFieldChanged";

  private FixedFields() {}

  /** Which of them the spec would change, as a sentence; empty where it changes none. */
  public static Optional<String> changed(FeatureServerStatus status, FeatureServerConfig config) {
    if (status.region() != null && !status.region().equals(config.region())) {
      return Optional.of(fixed("region", status.region(), config.region()));
    }
    if (status.project() != null && !status.project().equals(config.project())) {
      return Optional.of(fixed("project", status.project(), config.project()));
    }
    return Optional.empty();
  }

  private static String fixed(String what, String used, String wanted) {
    return ("The %s is %s since the first deployment and cannot become %s: set it back, or delete"
            + " this FeatureServer and create it anew.")
        .formatted(what, used, wanted);
  }
}
