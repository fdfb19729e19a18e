package dev.feast.aws.localaws.spi;

import dev.feast.aws.localaws.http.Response;
import java.io.IOException;

/**
 * An operation that a request asks for, ready to run once.
 *
 * @param name as in AWS's API reference, e.g. {@code CreateFunction}
 * @param mutating whether it changes what later calls see; the call log shows it
 * @param permissions what IAM has to allow before it runs
 * @param action what it does
 */
public record Operation(
    String name, boolean mutating, Permissions.Source permissions, Action action) {

  /** What an operation does: answers, or throws {@link AwsError}. */
  @FunctionalInterface
  public interface Action {
    Response answer() throws IOException;
  }

  public static Operation reads(String name, Permissions.Source permissions, Action action) {
    return new Operation(name, false, permissions, action);
  }

  public static Operation mutates(String name, Permissions.Source permissions, Action action) {
    return new Operation(name, true, permissions, action);
  }
}
