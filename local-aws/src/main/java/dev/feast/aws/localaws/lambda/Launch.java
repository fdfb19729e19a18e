package dev.feast.aws.localaws.lambda;

import java.util.Map;

/**
 * What an execution environment is to run.
 *
 * @param version {@code $LATEST} or a number
 * @param role the ARN of the role whose keys it gets
 * @param memoryMiB what the function is configured with
 * @param environment the variables that the function's configuration sets
 * @param architecture {@code x86_64} or {@code arm64}
 * @param log takes what the function and Lambda itself log
 */
public record Launch(
    FunctionKey function,
    String version,
    FunctionImage image,
    ImageOverrides overrides,
    String role,
    int memoryMiB,
    int timeoutSeconds,
    Map<String, String> environment,
    String architecture,
    Initialization initialization,
    FunctionLog log) {
  public Launch {
    environment = Map.copyOf(environment);
  }
}
