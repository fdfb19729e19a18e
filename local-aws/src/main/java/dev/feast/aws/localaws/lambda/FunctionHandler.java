package dev.feast.aws.localaws.lambda;

/** A function written in Java, for tests that have no image to run. */
@FunctionalInterface
public interface FunctionHandler {
  /**
   * Answers an event with JSON. An exception becomes the function's error ({@code FunctionError:
   * Unhandled}), with the exception's class and message.
   */
  String handle(Invocation invocation) throws Exception;
}
