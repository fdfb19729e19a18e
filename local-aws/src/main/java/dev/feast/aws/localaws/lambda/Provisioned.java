package dev.feast.aws.localaws.lambda;

import java.time.Instant;
import java.util.UUID;

/**
 * A provisioned concurrency configuration of a version or an alias.
 *
 * @param available how many environments are initialized
 * @param id another one after each Put, so that a slow allocation does not answer for a later one
 */
record Provisioned(int requested, State state, int available, Instant modified, UUID id) {
  enum State {
    IN_PROGRESS,
    READY,
    FAILED
  }

  static Provisioned begun(int requested, Instant now) {
    return new Provisioned(requested, State.IN_PROGRESS, 0, now, UUID.randomUUID());
  }

  Provisioned ended(boolean ready) {
    return new Provisioned(
        requested, ready ? State.READY : State.FAILED, ready ? requested : 0, modified, id);
  }
}
