package dev.feast.aws.localaws.ecr;

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
import dev.feast.aws.localaws.spi.Permissions;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** ECR's API: AWS JSON 1.1, the operation in {@code X-Amz-Target}. */
public final class EcrService implements Service {
  private static final String TARGET = "AmazonEC2ContainerRegistry_V20150921.";
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, Definition> operations;
  private final EcrPermissions permissions;

  EcrService(
      RepositoryOperations repositories,
      ImageOperations images,
      TokenOperations tokens,
      EcrPermissions permissions) {
    this.permissions = permissions;
    this.operations =
        Map.ofEntries(
            reads("GetAuthorizationToken", tokens::get),
            mutates("CreateRepository", repositories::create),
            reads("DescribeRepositories", repositories::describe),
            mutates("DeleteRepository", repositories::delete),
            mutates("PutImageTagMutability", repositories::putMutability),
            mutates("SetRepositoryPolicy", repositories::setPolicy),
            reads("GetRepositoryPolicy", repositories::getPolicy),
            mutates("DeleteRepositoryPolicy", repositories::deletePolicy),
            mutates("PutLifecyclePolicy", repositories::putLifecyclePolicy),
            reads("GetLifecyclePolicy", repositories::getLifecyclePolicy),
            mutates("DeleteLifecyclePolicy", repositories::deleteLifecyclePolicy),
            mutates("TagResource", repositories::tag),
            mutates("UntagResource", repositories::untag),
            reads("ListTagsForResource", repositories::listTags),
            reads("ListImages", images::list),
            reads("DescribeImages", images::describe),
            reads("BatchGetImage", images::batchGet),
            mutates("BatchDeleteImage", images::batchDelete),
            mutates("PutImage", images::put));
  }

  /** What one operation does with its input. */
  @FunctionalInterface
  private interface Action {
    JsonNode answer(JsonNode input, Caller caller) throws IOException;
  }

  private record Definition(boolean mutating, Action action) {}

  private static Map.Entry<String, Definition> reads(String name, Action action) {
    return Map.entry(name, new Definition(false, action));
  }

  private static Map.Entry<String, Definition> mutates(String name, Action action) {
    return Map.entry(name, new Definition(true, action));
  }

  @Override
  public String name() {
    return "ecr";
  }

  @Override
  public WireErrors errors() {
    return JsonErrors.AWS_JSON_1_1;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    String name =
        request
            .header("X-Amz-Target")
            .filter(target -> target.startsWith(TARGET))
            .map(target -> target.substring(TARGET.length()))
            .orElse("");
    Definition definition =
        Optional.ofNullable(operations.get(name))
            .orElseThrow(() -> errors().unknownOperation(request));
    return new Operation(
        name,
        definition.mutating,
        () -> new Permissions(caller, permissions.of(name, input(request), caller)),
        () -> {
          JsonNode output = definition.action.answer(input(request), caller);
          return new Response(
              200,
              Headers.of("Content-Type", "application/x-amz-json-1.1"),
              Body.text(output.toString()));
        });
  }

  private static JsonNode input(Request request) throws IOException {
    byte[] body = request.bytes();
    try {
      JsonNode json = JSON.readTree(body);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      // told below, as for a body that is JSON and no object
    }
    throw AwsError.of(400, "SerializationException", "The request body is not a JSON object");
  }
}
