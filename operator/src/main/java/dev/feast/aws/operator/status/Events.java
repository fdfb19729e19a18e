package dev.feast.aws.operator.status;

import dev.feast.aws.api.v1alpha1.FeatureServer;

/** Tells people of a FeatureServer what happened to it. */
public interface Events {

  /** How much attention an Event asks for; the constants are Kubernetes' types of Events. */
  enum Type {
    Normal,
    Warning
  }

  /**
   * Never fails: an Event that cannot be written is logged.
   *
   * @param reason one word in CamelCase
   * @param action what the operator was doing, one word in CamelCase
   */
  void tell(FeatureServer about, Type type, String reason, String action, String note);
}
