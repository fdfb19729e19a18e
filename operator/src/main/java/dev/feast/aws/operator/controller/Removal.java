package dev.feast.aws.operator.controller;

import dev.feast.aws.operator.deploy.Deployment;

/** What became of taking a FeatureServer down. */
sealed interface Removal {

  /** Nothing was ever made of it. */
  record Nothing() implements Removal {}

  /**
   * It was not begun, and nothing in AWS was looked at: all of it may still be there.
   *
   * @param message a sentence for people: why, and what to do
   */
  record Refused(String message) implements Removal {}

  /** It was begun, and may have come to its end. */
  record Begun(Deployment deployment) implements Removal {}
}
