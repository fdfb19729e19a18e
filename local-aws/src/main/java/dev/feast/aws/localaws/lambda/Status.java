package dev.feast.aws.localaws.lambda;

import java.util.Optional;

/** Where a version stands: its State, and what became of the last update of it. */
sealed interface Status {
  /** Just created; not to be invoked yet. */
  record Pending() implements Status {}

  /** Ready, and nothing under way. */
  record Active() implements Status {}

  /** Serving as it was before, while an update is under way. */
  record Updating() implements Status {}

  /** Serving as it was before the update that failed. */
  record UpdateFailed(Reason reason) implements Status {}

  /** Never got ready. */
  record Failed(Reason reason) implements Status {}

  /**
   * @param code e.g. {@code InvalidImage}
   */
  record Reason(String code, String text) {
    static final Reason CREATING = new Reason("Creating", "The function is being created.");

    /** Of a version with SnapStart. */
    static final Reason NOT_INIT =
        new Reason(
            "FunctionError", "The function could not be initialized. Its log tells more about it.");
  }

  default String state() {
    return switch (this) {
      case Pending() -> "Pending";
      case Active(), Updating(), UpdateFailed(_) -> "Active";
      case Failed(_) -> "Failed";
    };
  }

  default Optional<Reason> stateReason() {
    return switch (this) {
      case Pending() -> Optional.of(Reason.CREATING);
      case Failed(Reason reason) -> Optional.of(reason);
      case Active(), Updating(), UpdateFailed(_) -> Optional.empty();
    };
  }

  /** Empty before the first settled: Lambda leaves it out until then. */
  default Optional<String> lastUpdateStatus() {
    return switch (this) {
      case Pending() -> Optional.empty();
      case Active() -> Optional.of("Successful");
      case Updating() -> Optional.of("InProgress");
      case UpdateFailed(_) -> Optional.of("Failed");
      case Failed(_) -> Optional.of("Failed");
    };
  }

  default Optional<Reason> lastUpdateReason() {
    return switch (this) {
      case Updating() -> Optional.of(Reason.CREATING);
      case UpdateFailed(Reason reason) -> Optional.of(reason);
      case Failed(Reason reason) -> Optional.of(reason);
      case Pending(), Active() -> Optional.empty();
    };
  }
}
