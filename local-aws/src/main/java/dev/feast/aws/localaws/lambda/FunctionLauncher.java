package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.ecr.Repositories;
import dev.feast.aws.localaws.spi.Installation;
import java.io.IOException;

/** How the code of functions is run. */
public interface FunctionLauncher extends AutoCloseable {

  /** Makes a launcher for an instance that starts. */
  @FunctionalInterface
  interface Source {
    /** Opens it; {@code repositories} is where images are. */
    FunctionLauncher open(Repositories repositories, Installation installation) throws IOException;
  }

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
