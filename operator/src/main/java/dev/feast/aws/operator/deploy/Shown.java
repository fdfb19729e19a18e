package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Health;

/**
 * What of a function's own words goes into a status: nothing that is secret, for an image of the
 * user's own may write its environment into answers and log, and not more than people read.
 */
final class Shown {
  private static final int LONGEST = 500;

  private Shown() {}

  /** Masked first and shortened then: half a secret would not be found any more. */
  static String text(DesiredStack desired, String said) {
    String masked = desired.withoutSecrets(said);
    return masked.length() <= LONGEST ? masked : masked.substring(0, LONGEST) + "...";
  }

  static Health health(DesiredStack desired, Health said) {
    return said.mapping(text -> text(desired, text));
  }
}
