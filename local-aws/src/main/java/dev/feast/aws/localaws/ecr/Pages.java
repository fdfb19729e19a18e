package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.spi.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The pages of ECR's listings. */
final class Pages {
  private static final int DEFAULT_SIZE = 100;
  private static final int MAX_SIZE = 1000;

  private Pages() {}

  /** The page that {@code maxResults} and {@code nextToken} ask for. */
  static <T> Page<T> of(List<T> sorted, Function<T, String> key, JsonNode input) {
    JsonNode wanted = input.path("maxResults");
    int size = wanted.isMissingNode() || wanted.isNull() ? DEFAULT_SIZE : wanted.asInt(0);
    if (size < 1 || size > MAX_SIZE) {
      throw EcrErrors.invalid(
          "maxResults",
          size < 1
              ? "Member must have value greater than or equal to 1"
              : "Member must have value less than or equal to " + MAX_SIZE);
    }
    try {
      return Page.of(
          sorted, key, Optional.ofNullable(input.get("nextToken")).map(JsonNode::asText), size);
    } catch (IllegalArgumentException e) {
      throw EcrErrors.invalid("nextToken", "Invalid nextToken");
    }
  }
}
