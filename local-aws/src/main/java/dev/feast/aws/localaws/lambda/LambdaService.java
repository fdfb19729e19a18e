package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;
import java.util.List;

/** Lambda's API. Closing it ends all functions that run. */
public final class LambdaService implements Service, AutoCloseable {
  private final List<RestOperation> operations;
  private final LambdaPermissions permissions;
  private final Runnable close;

  LambdaService(List<RestOperation> operations, LambdaPermissions permissions, Runnable close) {
    this.operations = List.copyOf(operations);
    this.operations.forEach(permissions::checkKnown);
    this.permissions = permissions;
    this.close = close;
  }

  @Override
  public String name() {
    return "lambda";
  }

  @Override
  public WireErrors errors() {
    return JsonErrors.LAMBDA;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    return RestOperation.find(operations, request, caller, permissions)
        .orElseThrow(() -> errors().unknownOperation(request));
  }

  @Override
  public void close() {
    close.run();
  }
}
