package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Page;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Aliases: create, read, move, delete, list. */
final class AliasOperations {
  private static final String ALIASES = "/2015-03-31/functions/{name}/aliases";
  private static final String ALIAS = ALIASES + "/{alias}";
  private static final String NAME_FORM = "(?!^[0-9]+$)([a-zA-Z0-9-_]+)";

  private final Functions functions;
  private final Provisioning provisioning;

  AliasOperations(Functions functions, Provisioning provisioning) {
    this.functions = functions;
    this.provisioning = provisioning;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("CreateAlias", "POST", ALIASES, this::create),
        RestOperation.reads("ListAliases", "GET", ALIASES, this::list),
        RestOperation.reads("GetAlias", "GET", ALIAS, this::get),
        RestOperation.mutates("UpdateAlias", "PUT", ALIAS, this::update),
        RestOperation.mutates("DeleteAlias", "DELETE", ALIAS, this::delete));
  }

  private Response create(RestCall call) throws IOException {
    JsonNode input = call.body();
    FunctionReference reference = FunctionReference.of(call);
    String name = input.path("Name").asText();
    new Constraints().length("name", name, 128).pattern("name", name, NAME_FORM).check();
    var alias =
        new Alias(
            name,
            input.path("FunctionVersion").asText(),
            input.path("Description").asText(""),
            weights(input),
            FunctionVersion.newRevision());
    Function function =
        functions
            .find(reference.key())
            .orElseThrow(() -> LambdaErrors.functionNotFound(reference.key().arn(alias.version())));
    synchronized (function) {
      if (function.alias(name).isPresent()) {
        throw LambdaErrors.conflict("Alias already exists: " + function.key().arn(name));
      }
      check(alias, function);
      function.put(alias);
      return answer(201, function, alias);
    }
  }

  private Response get(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    String name = call.variable("alias");
    Function function =
        functions
            .find(reference.key())
            .orElseThrow(() -> LambdaErrors.aliasNotFound(reference.key().arn(name)));
    Alias alias =
        function
            .alias(name)
            .orElseThrow(() -> LambdaErrors.aliasNotFound(function.key().arn(name)));
    return answer(200, function, alias);
  }

  private Response update(RestCall call) throws IOException {
    JsonNode input = call.body();
    FunctionReference reference = FunctionReference.of(call);
    String name = call.variable("alias");
    Function function = functions.get(reference);
    synchronized (function) {
      Alias before =
          function
              .alias(name)
              .orElseThrow(
                  () -> LambdaErrors.notFound("Alias not found: " + function.key().arn(name)));
      String expected = input.path("RevisionId").asText("");
      if (!expected.isEmpty() && !expected.equals(before.revisionId())) {
        throw LambdaErrors.wrongRevision("GetFunction/GetAlias");
      }
      var alias =
          new Alias(
              name,
              input.path("FunctionVersion").asText(before.version()),
              input.path("Description").asText(before.description()),
              input.has("RoutingConfig") ? weights(input) : before.additionalWeights(),
              FunctionVersion.newRevision());
      check(alias, function);
      Provisioned provisioned = function.provisioned().get(name);
      if (provisioned != null && !alias.additionalWeights().isEmpty()) {
        throw LambdaErrors.invalid("Invalid alias configuration for Provisioned Concurrency");
      }
      function.put(alias);
      if (provisioned != null && !alias.version().equals(before.version())) {
        function.instances().keepNone(before.version());
        provisioning.begin(function, name, provisioned.requested());
      }
      return answer(200, function, alias);
    }
  }

  private Response delete(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    functions.get(reference).removeAlias(call.variable("alias"));
    return Response.of(204);
  }

  private Response list(RestCall call) {
    Function function = functions.get(FunctionReference.of(call));
    Optional<String> version = call.parameter("FunctionVersion");
    List<Alias> aliases =
        function.aliases().stream()
            .filter(alias -> version.map(alias::pointsTo).orElse(true))
            .toList();
    int size = FunctionOperations.pageSize(call);
    Page<Alias> page;
    try {
      page = Page.of(aliases, Alias::name, call.parameter("Marker"), size);
    } catch (IllegalArgumentException e) {
      throw LambdaErrors.invalid("Invalid pagination token.");
    }
    ObjectNode json =
        FunctionJson.list(
            "Aliases",
            page.items().stream().map(alias -> FunctionJson.alias(function.key(), alias)).toList());
    page.next().ifPresent(token -> json.put("NextMarker", token));
    return Response.json(200, json.toString());
  }

  private static Map<String, Double> weights(JsonNode input) {
    var weights = new LinkedHashMap<String, Double>();
    input
        .path("RoutingConfig")
        .path("AdditionalVersionWeights")
        .properties()
        .forEach(weight -> weights.put(weight.getKey(), weight.getValue().asDouble()));
    var constraints = new Constraints();
    String member = "routingConfig.additionalVersionWeights";
    if (weights.keySet().stream().anyMatch(version -> !version.matches("[0-9]{1,1024}"))) {
      constraints.map(
          member,
          weights,
          "Map keys",
          "Member must have length less than or equal to 1024",
          "Member must have length greater than or equal to 1",
          "Member must satisfy regular expression pattern: [0-9]+");
    }
    if (weights.values().stream().anyMatch(weight -> weight < 0 || weight > 1)) {
      constraints.map(
          member,
          weights,
          "Map value",
          "Member must have value less than or equal to 1.0",
          "Member must have value greater than or equal to 0.0",
          "Member must not be null");
    }
    constraints.check();
    return weights;
  }

  private static void check(Alias alias, Function function) {
    if (alias.additionalWeights().size() > 1) {
      throw LambdaErrors.invalid(
          "Number of items in AdditionalVersionWeights cannot be greater than 1");
    }
    if (!alias.additionalWeights().isEmpty() && alias.version().equals(FunctionVersion.LATEST)) {
      throw LambdaErrors.invalid(
          "$LATEST is not supported for an alias pointing to more than 1 version");
    }
    if (alias.additionalWeights().containsKey(alias.version())) {
      throw LambdaErrors.invalid(
          "Invalid function version %s. Function version %s is already included in routing configuration."
              .formatted(alias.version(), alias.version()));
    }
    checkVersion(alias.version(), function);
    alias.additionalWeights().keySet().forEach(version -> checkVersion(version, function));
  }

  private static void checkVersion(String version, Function function) {
    if (function.version(version).isEmpty()) {
      throw LambdaErrors.functionNotFound(function.key().arn(version));
    }
  }

  private static Response answer(int status, Function function, Alias alias) {
    return Response.json(status, FunctionJson.alias(function.key(), alias).toString());
  }
}
