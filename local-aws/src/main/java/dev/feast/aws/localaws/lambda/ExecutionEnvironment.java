package dev.feast.aws.localaws.lambda;

import java.util.function.Consumer;

/** A place in which a version of a function runs; used by one invocation at a time. */
public interface ExecutionEnvironment extends AutoCloseable {
  /**
   * Starts it before there is an invocation. False where its runtime cannot be initialized; it is
   * of no use then.
   */
  boolean initialize();

  /**
   * Runs an invocation and returns when it is over: answered, failed or timed out.
   *
   * @param log takes the lines that tell of it, without their ends
   */
  InvocationResult invoke(Invocation invocation, Consumer<String> log);

  /** Whether it can take another invocation. */
  boolean isReusable();

  /** Ends it, whatever it is doing. */
  @Override
  void close();
}
