package dev.feast.aws.localaws.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A request for an operation, with what its path's variables hold, percent-decoded. */
public record RestCall(Request request, Caller caller, Map<String, String> path) {
  private static final JsonMapper JSON = new JsonMapper();

  /** What a variable of the operation's path holds. */
  public String variable(String name) {
    return Objects.requireNonNull(path.get(name), name);
  }

  /** A parameter of the query, where it is not empty. */
  public Optional<String> parameter(String name) {
    return request.query().first(name).filter(value -> !value.isEmpty());
  }

  /** The body as a JSON object; an empty one where there is no body. */
  public JsonNode body() throws IOException {
    byte[] bytes = request.bytes();
    if (bytes.length == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      JsonNode json = JSON.readTree(bytes);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // told below, as for JSON that is no object
    }
    throw AwsError.of(400, "SerializationException", "The request body is not a JSON object");
  }
}
