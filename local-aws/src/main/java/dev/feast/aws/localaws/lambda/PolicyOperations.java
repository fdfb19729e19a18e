package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The resource policies: of functions, of versions, of aliases. */
final class PolicyOperations {
  private static final String POLICY = "/2015-03-31/functions/{name}/policy";

  private final Functions functions;

  PolicyOperations(Functions functions) {
    this.functions = functions;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("AddPermission", "POST", POLICY, this::add),
        RestOperation.reads("GetPolicy", "GET", POLICY, this::get),
        RestOperation.mutates("RemovePermission", "DELETE", POLICY + "/{sid}", this::remove));
  }

  private Response add(RestCall call) throws IOException {
    JsonNode input = call.body();
    String sid = input.path("StatementId").asText();
    new Constraints()
        .length("statementId", sid, 100)
        .pattern("statementId", sid, "([a-zA-Z0-9-_]+)")
        .pattern("action", input.path("Action").asText(), "(lambda:[*]|lambda:[a-zA-Z]+|[*])")
        .check();
    FunctionReference reference = FunctionReference.of(call);
    if (reference.qualifier().equals(Optional.of(FunctionVersion.LATEST))) {
      throw LambdaErrors.invalid("We currently do not support adding policies for $LATEST.");
    }
    ObjectNode statement = statement(input, reference.arn());
    Function function =
        functions
            .find(reference.key())
            .orElseThrow(() -> LambdaErrors.functionNotFound(reference.key().arn()));
    checkQualifier(function, reference);
    synchronized (function) {
      ResourcePolicy policy = function.policy(reference.qualifier());
      checkRevision(input.path("RevisionId").asText(""), policy);
      if (policy.has(sid)) {
        throw LambdaErrors.conflict(
            "The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement."
                .formatted(sid));
      }
      function.policy(reference.qualifier(), policy.with(statement));
    }
    return Response.json(
        201,
        JsonNodeFactory.instance.objectNode().put("Statement", statement.toString()).toString());
  }

  private static void checkQualifier(Function function, FunctionReference reference) {
    Optional<String> qualifier = reference.qualifier();
    if (qualifier.isPresent() && function.qualified(qualifier).isEmpty()) {
      String arn = reference.arn();
      boolean alias = qualifier.get().matches("(?!^[0-9]+$)([a-zA-Z0-9-_]+)");
      throw alias ? LambdaErrors.aliasNotFound(arn) : LambdaErrors.functionNotFound(arn);
    }
  }

  private static void checkRevision(String expected, ResourcePolicy policy) {
    if (!expected.isEmpty() && !expected.equals(policy.revisionId())) {
      throw LambdaErrors.wrongRevision("GetPolicy");
    }
  }

  private static ObjectNode statement(JsonNode input, String resource) {
    ObjectNode statement =
        JsonNodeFactory.instance
            .objectNode()
            .put("Sid", input.path("StatementId").asText())
            .put("Effect", "Allow");
    statement.set("Principal", principal(input.path("Principal").asText()));
    statement.put("Action", input.path("Action").asText()).put("Resource", resource);
    ObjectNode equals = JsonNodeFactory.instance.objectNode();
    condition(equals, "AWS:SourceAccount", input.path("SourceAccount"));
    condition(equals, "lambda:EventSourceToken", input.path("EventSourceToken"));
    condition(equals, "lambda:FunctionUrlAuthType", input.path("FunctionUrlAuthType"));
    condition(equals, "aws:PrincipalOrgID", input.path("PrincipalOrgID"));
    ObjectNode arnLike = JsonNodeFactory.instance.objectNode();
    condition(arnLike, "AWS:SourceArn", input.path("SourceArn"));
    ObjectNode conditions = JsonNodeFactory.instance.objectNode();
    if (!equals.isEmpty()) {
      conditions.set("StringEquals", equals);
    }
    if (!arnLike.isEmpty()) {
      conditions.set("ArnLike", arnLike);
    }
    if (!conditions.isEmpty()) {
      statement.set("Condition", conditions);
    }
    return statement;
  }

  private static void condition(ObjectNode conditions, String key, JsonNode value) {
    if (value.isTextual()) {
      conditions.put(key, value.asText());
    }
  }

  private static JsonNode principal(String text) {
    ObjectNode principal = JsonNodeFactory.instance.objectNode();
    if (text.equals("*")) {
      return JsonNodeFactory.instance.textNode(text);
    }
    if (text.matches("\\d{12}")) {
      return principal.put("AWS", "arn:aws:iam::" + text + ":root");
    }
    if (text.startsWith("arn:")) {
      return principal.put("AWS", text);
    }
    if (text.matches("[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?")) {
      return principal.put("Service", text);
    }
    throw LambdaErrors.invalid(
        "The provided principal was invalid. Please check the principal and try again.");
  }

  private Response get(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    ResourcePolicy policy =
        functions
            .find(reference.key())
            .map(function -> function.policy(reference.qualifier()))
            .filter(found -> !found.statements().isEmpty())
            .orElseThrow(LambdaErrors::resourceNotFound);
    return Response.json(
        200,
        JsonNodeFactory.instance
            .objectNode()
            .put("Policy", policy.document())
            .put("RevisionId", policy.revisionId())
            .toString());
  }

  private Response remove(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    String sid = call.variable("sid");
    Function function =
        functions
            .find(reference.key())
            .orElseThrow(
                () -> LambdaErrors.notFound("No policy found for: " + reference.key().arn()));
    checkQualifier(function, reference);
    synchronized (function) {
      ResourcePolicy policy = function.policy(reference.qualifier());
      if (policy.statements().isEmpty()) {
        throw LambdaErrors.notFound("No policy is associated with the given resource.");
      }
      if (!policy.has(sid)) {
        throw LambdaErrors.notFound("Statement " + sid + " is not found in resource policy.");
      }
      checkRevision(call.parameter("RevisionId").orElse(""), policy);
      function.policy(reference.qualifier(), policy.without(sid));
    }
    return Response.of(204);
  }
}
