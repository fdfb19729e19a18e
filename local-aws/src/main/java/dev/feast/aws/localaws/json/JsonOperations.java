package dev.feast.aws.localaws.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Permission;
import dev.feast.aws.localaws.spi.Permissions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operations of a service that speaks AWS JSON 1.1, by their names in {@code X-Amz-Target}. */
public final class JsonOperations {
  private static final JsonMapper JSON = new JsonMapper();

  /** What IAM has to allow for an operation with this input. */
  @FunctionalInterface
  public interface Needs {
    List<Permission> of(String operation, JsonNode input, Caller caller);
  }

  private final String target;
  private final Needs needs;
  private final Map<String, JsonOperation> operations;

  /**
   * @param target what stands before the operation's name in the header, with its dot
   */
  public JsonOperations(String target, Needs needs, JsonOperation... operations) {
    this.target = target;
    this.needs = needs;
    this.operations =
        List.of(operations).stream()
            .collect(Collectors.toUnmodifiableMap(JsonOperation::name, Function.identity()));
  }

  /**
   * The operation that a request asks for.
   *
   * @throws AwsError where there is none of that name
   */
  public Operation find(Request request, Caller caller) {
    JsonOperation operation =
        request
            .header("X-Amz-Target")
            .filter(value -> value.startsWith(target))
            .flatMap(value -> Optional.ofNullable(operations.get(value.substring(target.length()))))
            .orElseThrow(() -> JsonErrors.AWS_JSON_1_1.unknownOperation(request));
    return new Operation(
        operation.name(),
        operation.mutating(),
        () -> new Permissions(caller, needs.of(operation.name(), input(request), caller)),
        () ->
            new Response(
                200,
                Headers.of("Content-Type", "application/x-amz-json-1.1"),
                Body.text(operation.action().answer(input(request), caller).toString())));
  }

  private static JsonNode input(Request request) throws IOException {
    try {
      JsonNode json = JSON.readTree(request.bytes());
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // told below, as for a body that is JSON and no object
    }
    throw AwsError.of(400, "SerializationException", "The request body is not a JSON object");
  }
}
