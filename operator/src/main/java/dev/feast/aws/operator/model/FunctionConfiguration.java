package dev.feast.aws.operator.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A function's settings, code and state, as Lambda reports them of {@code $LATEST} or of a version.
 *
 * @param image repository URI and digest that the code was resolved to; empty while Lambda has not
 * @param stateReason Lambda's words for a state that is not the good one; empty otherwise
 * @param modified when it was last changed: what waits are measured from
 */
public record FunctionConfiguration(
    FunctionSettings settings,
    String image,
    String architecture,
    State state,
    String stateReason,
    LastUpdate lastUpdate,
    String lastUpdateReason,
    @Nullable Instant modified) {

  /** Lambda's State; the ones on the way out or in are waited for alike. */
  public enum State {
    PENDING,
    ACTIVE,
    /** Idle for long: in sync all the same, the next invoke wakes it. */
    INACTIVE,
    FAILED,
    /** Being deactivated or deleted. */
    LEAVING
  }

  public enum LastUpdate {
    SUCCESSFUL,
    IN_PROGRESS,
    FAILED
  }

  public String digest() {
    return image.substring(image.indexOf('@') + 1);
  }
}
