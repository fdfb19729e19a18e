package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;

/** Lets requests pass to their integration, or not. */
final class Gatekeeper implements AutoCloseable {
  private final Issuers issuers;
  private final Tokens tokens;
  private final Signers signers;
  private final Throttle throttle;

  Gatekeeper(Issuers issuers, Tokens tokens, Signers signers, Throttle throttle) {
    this.issuers = issuers;
    this.tokens = tokens;
    this.signers = signers;
    this.throttle = throttle;
  }

  /**
   * Who asks.
   *
   * @param request as it was sent: a signature covers the path that local-aws mounts an API under
   * @param path that is routed
   * @throws AwsError 401 or 403 for who may not ask, 429 when too much is asked
   */
  Authorized admit(Request request, Caller caller, Api api, Stage stage, Route route, String path) {
    RouteAuthorization wanted = route.authorization();
    Authorized authorized =
        switch (wanted.type()) {
          case NONE -> new Authorized.Anyone();
          case AWS_IAM -> signers.authorize(request, caller, api, stage, path);
          case JWT ->
              tokens.authorize(
                  request,
                  wanted
                      .authorizerId()
                      .flatMap(api::authorizer)
                      .orElseThrow(EndpointErrors::internal),
                  wanted.scopes());
        };
    if (!throttle.admits(api, stage, route)) {
      throw EndpointErrors.tooMany();
    }
    return authorized;
  }

  @Override
  public void close() {
    issuers.close();
  }
}
