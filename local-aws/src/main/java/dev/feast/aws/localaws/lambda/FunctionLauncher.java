package dev.feast.aws.localaws.lambda;

/** How the code of functions is run. */
public interface FunctionLauncher extends AutoCloseable {

  /**
   * Gets an image ready to run; called before a function that is made of it becomes Active, and
   * again for an image that is ready already.
   *
   * @throws ImageRefused for an image that Lambda would refuse; the function then fails with that
   *     reason
   */
  void prepare(FunctionImage image) throws ImageRefused;

  /** Starts an environment for one version of a function. It serves one invocation at a time. */
  ExecutionEnvironment launch(Launch launch);

  /** Ends whatever it started and is still there. */
  @Override
  void close();

  /** Runs functions in this JVM; images are not looked at, but have to be there. */
  static FunctionLauncher inProcess(FunctionHandler handler) {
    return new InProcessLauncher(handler);
  }
}
