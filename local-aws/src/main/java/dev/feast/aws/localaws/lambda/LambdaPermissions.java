package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Permission;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What IAM has to allow for each of Lambda's operations: "Actions, resources, and condition keys
 * for AWS Lambda" of the service authorization reference.
 */
final class LambdaPermissions implements RestOperation.Needs {
  private final Functions functions;
  private final Map<String, Rule> rules;

  LambdaPermissions(Functions functions) {
    this.functions = functions;
    this.rules =
        Map.ofEntries(
            Map.entry("CreateFunction", this::create),
            Map.entry("UpdateFunctionConfiguration", this::updateConfiguration),
            named("UpdateFunctionCode"),
            named("GetFunction"),
            named("GetFunctionConfiguration"),
            named("DeleteFunction"),
            named("PublishVersion"),
            named("ListVersionsByFunction"),
            named("CreateAlias"),
            named("ListAliases"),
            named("GetAlias"),
            named("UpdateAlias"),
            named("DeleteAlias"),
            named("AddPermission"),
            named("GetPolicy"),
            named("RemovePermission"),
            named("PutFunctionConcurrency"),
            named("DeleteFunctionConcurrency"),
            named("GetFunctionConcurrency"),
            named("PutProvisionedConcurrencyConfig"),
            named("GetProvisionedConcurrencyConfig"),
            named("DeleteProvisionedConcurrencyConfig"),
            named("ListProvisionedConcurrencyConfigs"),
            Map.entry("Invoke", call -> List.of(onFunction("lambda:InvokeFunction", call))),
            Map.entry("TagResource", this::tag),
            Map.entry("UntagResource", this::untag),
            Map.entry("ListTags", call -> List.of(onTagged("lambda:ListTags", call))),
            onNone("ListFunctions"),
            onNone("GetAccountSettings"));
  }

  /** What one operation needs. */
  @FunctionalInterface
  private interface Rule {
    List<Permission> of(RestCall call) throws IOException;
  }

  /** Of an operation whose path names a function, and perhaps a version or alias of it. */
  private Map.Entry<String, Rule> named(String operation) {
    return Map.entry(operation, call -> List.of(onFunction("lambda:" + operation, call)));
  }

  private static Map.Entry<String, Rule> onNone(String operation) {
    return Map.entry(operation, call -> List.of(Permission.of("lambda:" + operation, "*")));
  }

  /**
   * Fails where an operation has no rule, so that none can be added without.
   *
   * @throws IllegalArgumentException naming it
   */
  void checkKnown(RestOperation operation) {
    if (!rules.containsKey(operation.name())) {
      throw new IllegalArgumentException(
          "LambdaPermissions does not say what IAM has to allow for " + operation.name());
    }
  }

  @Override
  public List<Permission> of(RestOperation operation, RestCall call) throws IOException {
    checkKnown(operation);
    return java.util.Objects.requireNonNull(rules.get(operation.name())).of(call);
  }

  private Permission onFunction(String action, RestCall call) {
    return on(action, FunctionReference.of(call));
  }

  private Permission onTagged(String action, RestCall call) {
    return on(action, FunctionReference.of(call.variable("arn"), Optional.empty(), call.caller()));
  }

  private Permission on(String action, FunctionReference reference) {
    return Permission.of(action, reference.arn())
        .onTagged(functions.find(reference.key()).map(Function::tags).orElse(Map.of()));
  }

  private List<Permission> create(RestCall call) throws IOException {
    JsonNode input = call.body();
    Map<String, String> tags = tags(input);
    FunctionReference reference =
        FunctionReference.of(input.path("FunctionName").asText(), Optional.empty(), call.caller());
    var needed = new ArrayList<Permission>();
    needed.add(on("lambda:CreateFunction", reference).settingTags(tags));
    needed.add(passing(input.path("Role").asText()));
    if (!tags.isEmpty()) {
      needed.add(on("lambda:TagResource", reference).settingTags(tags));
    }
    return needed;
  }

  private List<Permission> updateConfiguration(RestCall call) throws IOException {
    var needed = new ArrayList<Permission>();
    needed.add(onFunction("lambda:UpdateFunctionConfiguration", call));
    JsonNode role = call.body().path("Role");
    if (role.isTextual()) {
      needed.add(passing(role.asText()));
    }
    return needed;
  }

  private static Permission passing(String role) {
    return Permission.of("iam:PassRole", role).with("iam:PassedToService", "lambda.amazonaws.com");
  }

  private List<Permission> tag(RestCall call) throws IOException {
    return List.of(onTagged("lambda:TagResource", call).settingTags(tags(call.body())));
  }

  private List<Permission> untag(RestCall call) {
    return List.of(
        onTagged("lambda:UntagResource", call).namingTags(call.request().query().all("tagKeys")));
  }

  private static Map<String, String> tags(JsonNode input) {
    var tags = new TreeMap<String, String>();
    input.path("Tags").properties().forEach(t -> tags.put(t.getKey(), t.getValue().asText()));
    return tags;
  }
}
