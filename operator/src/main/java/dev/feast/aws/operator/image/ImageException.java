package dev.feast.aws.operator.image;

/** Carries an outcome from where it is found to the package's edge, where it becomes a value. */
final class ImageException extends Exception {
  private final transient ImageOutcome outcome;

  ImageException(ImageOutcome outcome) {
    super(outcome.toString(), null, false, false);
    this.outcome = outcome;
  }

  ImageOutcome outcome() {
    return outcome;
  }
}
