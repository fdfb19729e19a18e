package dev.feast.aws.operator.metrics;

import java.time.Duration;

/**
 * Where the operator's parts tell what they did. Every call returns at once and never fails.
 *
 * <p>What is told becomes labels, of which each combination is a time series for as long as the
 * process lives: names of operations and of kinds of things only, never those of objects.
 */
public interface Recorder {

  /** A pass over a FeatureServer ended. */
  void passed(PassResult result, Duration took);

  /** A pass is made again because the one before threw. */
  void retried();

  /**
   * Something is a reason to look at a FeatureServer.
   *
   * @param kind what happened to it, or "trigger" for a timer or something that it refers to
   */
  void triggered(String kind);

  /**
   * A call to AWS ended; its wait for a token is no part of it, the SDK's own retries are.
   *
   * @param result "ok", or the kind of its error
   */
  void called(String service, String operation, String result, Duration took);

  /** AWS answered an attempt of a call with "too many calls". */
  void throttled(String service, String operation);

  /** An attempt of a call got its token after that time, which may be none. */
  void waitedForToken(String service, String region, Duration waited);

  /**
   * Something was changed in AWS.
   *
   * @param action of the step, as in the log: "create function"
   */
  void changed(String action);

  /** A version that has no traffic was asked for its health. */
  void probed(boolean passed);

  /** Another version than before has the traffic now. */
  void rolledOut();

  /** A version gets no traffic, for its first probe failed. */
  void heldBack();

  /** The webhook was asked whether something may be stored. */
  void admitted(Verdict verdict);
}
