package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.AwsError;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Provisioned concurrency of versions and aliases. */
final class ProvisionedOperations {
  private static final String PATH = "/2019-09-30/functions/{name}/provisioned-concurrency";
  private static final DateTimeFormatter MODIFIED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxx");

  private final Functions functions;
  private final Concurrency concurrency;
  private final Provisioning provisioning;

  ProvisionedOperations(Functions functions, Concurrency concurrency, Provisioning provisioning) {
    this.functions = functions;
    this.concurrency = concurrency;
    this.provisioning = provisioning;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("PutProvisionedConcurrencyConfig", "PUT", PATH, this::put),
        RestOperation.reads(
            "ListProvisionedConcurrencyConfigs", "GET", PATH + "?List=ALL", this::list),
        RestOperation.reads("GetProvisionedConcurrencyConfig", "GET", PATH, this::get),
        RestOperation.mutates("DeleteProvisionedConcurrencyConfig", "DELETE", PATH, this::delete));
  }

  private Response put(RestCall call) throws IOException {
    int wanted = call.body().path("ProvisionedConcurrentExecutions").asInt(0);
    new Constraints()
        .range("provisionedConcurrentExecutions", wanted, 1, Integer.MAX_VALUE)
        .check();
    FunctionReference reference =
        qualified(
            call,
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
    Function function = functions.get(reference);
    synchronized (function) {
      String qualifier = qualifier(function, reference);
      checkNoSnapStart(function, qualifier);
      checkNotTwice(function, qualifier);
      checkRoom(function, qualifier, wanted);
      return Response.json(202, json(provisioning.begin(function, qualifier, wanted)).toString());
    }
  }

  private static void checkNoSnapStart(Function function, String qualifier) {
    if (function
        .qualified(Optional.of(qualifier))
        .filter(version -> version.settings().snapStart() != SnapStart.NONE)
        .isPresent()) {
      throw LambdaErrors.invalid(
          "Provisioned Concurrency is not supported for functions with SnapStart enabled.");
    }
  }

  /** A version is provisioned by itself or by one alias. */
  private static void checkNotTwice(Function function, String qualifier) {
    Optional<Alias> alias = function.alias(qualifier);
    if (alias.isPresent()) {
      if (!alias.get().additionalWeights().isEmpty()) {
        throw LambdaErrors.invalid(
            "Alias with weights can not be used with Provisioned Concurrency");
      }
      if (function.provisioned().containsKey(alias.get().version())) {
        throw LambdaErrors.conflict(
            "Alias can't be used for Provisioned Concurrency configuration on an already"
                + " Provisioned version");
      }
    } else if (function.aliases().stream()
        .filter(pointing -> pointing.version().equals(qualifier))
        .anyMatch(pointing -> function.provisioned().containsKey(pointing.name()))) {
      throw LambdaErrors.conflict("Version is pointed by a Provisioned Concurrency alias");
    }
  }

  private void checkRoom(Function function, String qualifier, int wanted) {
    Provisioned before = function.provisioned().get(qualifier);
    int others = function.provisionedConcurrency() - (before == null ? 0 : before.requested());
    Optional<Integer> reserved = function.reservedConcurrency();
    if (reserved.isPresent()) {
      if (others + wanted > reserved.get()) {
        throw LambdaErrors.invalid(
            "Requested Provisioned Concurrency should not be greater than the"
                + " reservedConcurrentExecution for function");
      }
      return;
    }
    FunctionKey key = function.key();
    int unreserved = concurrency.unreserved(key.account(), key.region(), Optional.empty());
    if (others + wanted > unreserved) {
      throw LambdaErrors.invalid(
          "Specified ConcurrentExecutions for function is greater than account's unreserved"
              + " concurrency [%d].".formatted(unreserved));
    }
    if (unreserved - others - wanted < Concurrency.MIN_UNRESERVED) {
      throw LambdaErrors.invalid(
          "Specified ConcurrentExecutions for function decreases account's"
              + " UnreservedConcurrentExecution below its minimum value of [%d]."
                  .formatted(Concurrency.MIN_UNRESERVED));
    }
  }

  private Response get(RestCall call) {
    FunctionReference reference = published(call);
    Function function = functions.get(reference);
    Provisioned found = function.provisioned().get(qualifier(function, reference));
    if (found == null) {
      throw AwsError.of(
          404,
          "ProvisionedConcurrencyConfigNotFoundException",
          "No Provisioned Concurrency Config found for this function");
    }
    return Response.json(200, json(found).toString());
  }

  private Response delete(RestCall call) {
    FunctionReference reference = published(call);
    Function function = functions.get(reference);
    synchronized (function) {
      String qualifier = qualifier(function, reference);
      function
          .qualified(Optional.of(qualifier))
          .ifPresent(version -> function.instances().keepNone(version.version()));
      function.unprovision(qualifier);
    }
    return Response.of(204);
  }

  private Response list(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    Function function =
        functions
            .find(reference.key())
            .orElseThrow(() -> LambdaErrors.functionNotFound(reference.key().arn()));
    List<ObjectNode> configs =
        function.provisioned().entrySet().stream()
            .map(
                entry ->
                    json(entry.getValue()).put("FunctionArn", function.key().arn(entry.getKey())))
            .toList();
    return Response.json(
        200, FunctionJson.list("ProvisionedConcurrencyConfigs", configs).toString());
  }

  private static FunctionReference published(RestCall call) {
    return qualified(
        call, "The function resource provided must be an alias or a published version.");
  }

  private static FunctionReference qualified(RestCall call, String otherwise) {
    FunctionReference reference = FunctionReference.of(call);
    if (reference.qualifier().filter(name -> !name.equals(FunctionVersion.LATEST)).isEmpty()) {
      throw LambdaErrors.invalid(otherwise);
    }
    return reference;
  }

  private static String qualifier(Function function, FunctionReference reference) {
    String name = reference.qualifier().orElseThrow();
    if (function.version(name).isEmpty() && function.alias(name).isEmpty()) {
      throw name.matches("[0-9]+")
          ? LambdaErrors.functionNotFound(reference.arn())
          : LambdaErrors.aliasNotFound(reference.arn());
    }
    return name;
  }

  private static ObjectNode json(Provisioned config) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("RequestedProvisionedConcurrentExecutions", config.requested())
            .put("AvailableProvisionedConcurrentExecutions", config.available())
            .put("AllocatedProvisionedConcurrentExecutions", config.available())
            .put("Status", config.state().name())
            .put("LastModified", MODIFIED.format(config.modified().atOffset(ZoneOffset.UTC)));
    if (config.state() == Provisioned.State.FAILED) {
      json.put("StatusReason", "FUNCTION_ERROR_INIT_FAILURE");
    }
    return json;
  }
}
