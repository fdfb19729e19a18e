package dev.feast.aws.localaws.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.spi.Caller;
import java.io.IOException;

/**
 * An operation of AWS JSON 1.1.
 *
 * @param name as AWS has it, e.g. {@code CreateRepository}
 * @param mutating whether it changes anything
 */
public record JsonOperation(String name, boolean mutating, Action action) {
  /** What one operation does with its input and answers. */
  @FunctionalInterface
  public interface Action {
    JsonNode answer(JsonNode input, Caller caller) throws IOException;
  }

  public static JsonOperation reads(String name, Action action) {
    return new JsonOperation(name, false, action);
  }

  public static JsonOperation mutates(String name, Action action) {
    return new JsonOperation(name, true, action);
  }
}
