package dev.feast.aws.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * A lookup, and what its answer has to be.
 *
 * @param rows how many drivers
 * @param views how many feature views, with three features of each
 * @param body as all three servers take it
 */
record Question(int rows, int views, String body, Check check) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Refuses what is not the right answer. */
  interface Check {
    /**
     * @param body of the answer
     */
    void accept(JsonNode body) throws IOException;
  }

  String name() {
    return "%,d %s, %d %s"
        .formatted(rows, rows == 1 ? "row" : "rows", views, views == 1 ? "view" : "views");
  }

  /**
   * Refuses an answer that is not right, so that no mistake is measured.
   *
   * @param answer as the function gives it to API Gateway
   */
  void checkAnswer(byte[] answer) throws IOException {
    JsonNode response = JSON.readTree(answer);
    if (response.path("statusCode").asInt() != 200) {
      throw new IOException("not an answer: " + response);
    }
    check.accept(JSON.readTree(response.path("body").asText()));
  }
}
