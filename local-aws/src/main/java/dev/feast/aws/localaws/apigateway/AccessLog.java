package dev.feast.aws.localaws.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a stage writes a line for each request.
 *
 * @param destinationArn of a log group
 * @param format a line with {@code $context} variables
 */
record AccessLog(String destinationArn, String format) {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$context\\.([A-Za-z]+(?:\\.[\\w-]+)*)");

  /** What API Gateway writes for what a request does not have. */
  private static final String ABSENT = "-";

  static AccessLog read(JsonNode input) {
    var log =
        new AccessLog(input.path("destinationArn").asText(""), input.path("format").asText(""));
    if (!log.format.contains("$context.requestId")
        && !log.format.contains("$context.extendedRequestId")) {
      throw ApiErrors.badRequest(
          "Invalid access log format: it has to hold $context.requestId or"
              + " $context.extendedRequestId");
    }
    return log;
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("destinationArn", destinationArn)
        .put("format", format);
  }

  /** The line for a request of which these variables are known. */
  String line(Map<String, String> context) {
    return VARIABLE
        .matcher(format)
        .replaceAll(
            found -> Matcher.quoteReplacement(context.getOrDefault(found.group(1), ABSENT)));
  }
}
