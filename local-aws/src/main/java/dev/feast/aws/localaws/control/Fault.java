package dev.feast.aws.localaws.control;

import java.time.Duration;

/**
 * What is to go wrong with calls to come.
 *
 * @param service as in SigV4 scopes; {@code *} is any
 * @param operation as in AWS's API reference; {@code *} is any
 * @param when before the call has taken effect, or after it (the client does not learn of the
 *     effect)
 * @param skip how many calls it lets pass before the first that it hits
 * @param times how many calls it hits; {@link #ALWAYS} until it is removed
 */
public record Fault(
    String service, String operation, Action action, When when, int skip, int times) {
  public static final int ALWAYS = Integer.MAX_VALUE;

  public enum When {
    BEFORE,
    AFTER
  }

  /** What happens to the call. */
  public sealed interface Action {
    /** Answers with that error instead. */
    record Answer(int status, String code, String message) implements Action {}

    /** Answers with the service's own error for too many calls. */
    record Throttle() implements Action {}

    /** Waits, then goes on. */
    record Delay(Duration time) implements Action {}

    /** Resets the connection. */
    record Cut() implements Action {}

    /** BatchGetItem leaves half of the keys unprocessed; the DynamoDB service sees to it. */
    record Unprocessed() implements Action {}

    /**
     * Answers a read as the same read was answered the first time since the fault is there, as AWS
     * does for a moment after a change. That first one is no hit; calls that change something are
     * none either.
     */
    record Stale() implements Action {}
  }

  public Fault {
    if (skip < 0) {
      throw new IllegalArgumentException("skip is " + skip + "; it has to be 0 or more");
    }
    if (times < 1) {
      throw new IllegalArgumentException("times is " + times + "; it has to be 1 or more");
    }
  }

  public static Fault error(
      String service, String operation, int status, String code, String message) {
    return new Fault(
        service, operation, new Action.Answer(status, code, message), When.BEFORE, 0, ALWAYS);
  }

  public static Fault throttle(String service, String operation) {
    return new Fault(service, operation, new Action.Throttle(), When.BEFORE, 0, ALWAYS);
  }

  public static Fault delay(String service, String operation, Duration time) {
    return new Fault(service, operation, new Action.Delay(time), When.BEFORE, 0, ALWAYS);
  }

  public static Fault cut(String service, String operation) {
    return new Fault(service, operation, new Action.Cut(), When.BEFORE, 0, ALWAYS);
  }

  public static Fault unprocessed() {
    return new Fault("dynamodb", "BatchGetItem", new Action.Unprocessed(), When.BEFORE, 0, ALWAYS);
  }

  public static Fault stale(String service, String operation) {
    return new Fault(service, operation, new Action.Stale(), When.BEFORE, 0, ALWAYS);
  }

  /** The same, after the call has taken effect. */
  public Fault after() {
    return new Fault(service, operation, action, When.AFTER, skip, times);
  }

  /** The same, once that many calls have passed. */
  public Fault skip(int skip) {
    return new Fault(service, operation, action, when, skip, times);
  }

  /** The same, for that many calls. */
  public Fault times(int times) {
    return new Fault(service, operation, action, when, skip, times);
  }

  boolean matches(String service, String operation) {
    return (this.service.equals("*") || this.service.equals(service))
        && (this.operation.equals("*") || this.operation.equals(operation));
  }
}
