package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;
import java.util.List;

/** The API that makes HTTP APIs. */
public final class ApiGatewayService implements Service {
  private final List<RestOperation> operations;
  private final ApiGatewayPermissions permissions;

  ApiGatewayService(List<RestOperation> operations, ApiGatewayPermissions permissions) {
    this.operations = List.copyOf(operations);
    this.permissions = permissions;
  }

  @Override
  public String name() {
    return "apigateway";
  }

  @Override
  public WireErrors errors() {
    return JsonErrors.API_GATEWAY;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    return RestOperation.find(operations, request, caller, permissions)
        .orElseThrow(() -> errors().unknownOperation(request));
  }
}
