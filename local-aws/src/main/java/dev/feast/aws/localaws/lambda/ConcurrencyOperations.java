package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reserved concurrency, and the account's limits. */
final class ConcurrencyOperations {
  private static final String CHANGE = "/2017-10-31/functions/{name}/concurrency";
  private static final String READ = "/2019-09-30/functions/{name}/concurrency";

  private final Functions functions;
  private final Concurrency concurrency;

  ConcurrencyOperations(Functions functions, Concurrency concurrency) {
    this.functions = functions;
    this.concurrency = concurrency;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("PutFunctionConcurrency", "PUT", CHANGE, this::put),
        RestOperation.mutates("DeleteFunctionConcurrency", "DELETE", CHANGE, this::delete),
        RestOperation.reads("GetFunctionConcurrency", "GET", READ, this::get),
        RestOperation.reads(
            "GetAccountSettings", "GET", "/2016-08-19/account-settings", this::account));
  }

  private Response put(RestCall call) throws IOException {
    Function function = function(call);
    int wanted = call.body().path("ReservedConcurrentExecutions").asInt(-1);
    new Constraints().range("reservedConcurrentExecutions", wanted, 0, Integer.MAX_VALUE).check();
    FunctionKey key = function.key();
    int provisioned = function.provisionedConcurrency();
    if (wanted < provisioned) {
      throw LambdaErrors.invalid(
          " ReservedConcurrentExecutions  %d should not be lower than function's total provisioned concurrency [%d]."
              .formatted(wanted, provisioned));
    }
    int left = concurrency.unreserved(key.account(), key.region(), Optional.of(key)) - wanted;
    if (left < Concurrency.MIN_UNRESERVED) {
      throw LambdaErrors.invalid(
          "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d]."
              .formatted(Concurrency.MIN_UNRESERVED));
    }
    function.reservedConcurrency(wanted);
    return Response.json(200, json(Optional.of(wanted)));
  }

  private Response delete(RestCall call) {
    function(call).reservedConcurrency(null);
    return Response.of(204);
  }

  private Response get(RestCall call) {
    return Response.json(200, json(function(call).reservedConcurrency()));
  }

  private static String json(Optional<Integer> reserved) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    reserved.ifPresent(value -> json.put("ReservedConcurrentExecutions", value));
    return json.toString();
  }

  private Function function(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    if (reference.qualifier().isPresent()) {
      throw LambdaErrors.invalid(
          "This operation is permitted on Lambda functions only. Aliases and versions do not"
              + " support this operation. Please specify either a function name or an unqualified"
              + " function ARN.");
    }
    return functions
        .find(reference.key())
        .orElseThrow(
            () -> LambdaErrors.functionNotFound(reference.key().arn(FunctionVersion.LATEST)));
  }

  private Response account(RestCall call) {
    String account = call.caller().accountId();
    String region = call.caller().region();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putObject("AccountLimit")
        .put("TotalCodeSize", 80_530_636_800L)
        .put("CodeSizeUnzipped", 262_144_000)
        .put("CodeSizeZipped", 52_428_800)
        .put("ConcurrentExecutions", concurrency.accountLimit())
        .put(
            "UnreservedConcurrentExecutions",
            concurrency.unreserved(account, region, Optional.empty()));
    json.putObject("AccountUsage")
        .put("TotalCodeSize", 0)
        .put("FunctionCount", functions.list(account, region).size());
    return Response.json(200, json.toString());
  }
}
