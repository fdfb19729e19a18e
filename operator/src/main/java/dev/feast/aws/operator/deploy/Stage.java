package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.plan.Step;

/** The stage of a deployment that a step belongs to; each has a condition of its own. */
public enum Stage {
  IMAGE,
  FUNCTION,
  ENDPOINT;

  static Stage of(Step step) {
    return switch (step.part()) {
      case REPOSITORY -> IMAGE;
      case LOG_GROUP, FUNCTION, ALIAS -> FUNCTION;
      case ALIAS_POLICY, API -> ENDPOINT;
    };
  }
}
