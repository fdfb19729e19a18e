package dev.feast.aws.localaws.lambda;

/** Why an execution environment is started: what it finds as AWS_LAMBDA_INITIALIZATION_TYPE. */
public enum Initialization {
  /** An invocation needs it. */
  ON_DEMAND("on-demand"),
  /** It is kept for invocations to come. */
  PROVISIONED("provisioned-concurrency"),
  /** For the snapshot of a version, or in place of one that is restored from it. */
  SNAP_START("snap-start");

  private final String text;

  Initialization(String text) {
    this.text = text;
  }

  /** As the environment variable has it. */
  public String text() {
    return text;
  }
}
