package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.sigv4.Authorization;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import dev.feast.aws.localaws.sts.IssuedKeys;
import dev.feast.aws.localaws.sts.SessionKeys;

/**
 * Checks who signed a request, as AWS_IAM does. Whether the signature is right was checked before
 * the request came here, as far as the key is known.
 */
final class Signers {
  private final IssuedKeys keys;
  private final Iam iam;

  Signers(IssuedKeys keys, Iam iam) {
    this.keys = keys;
    this.iam = iam;
  }

  /**
   * Who signed it, for this API.
   *
   * @param path that is routed
   * @throws AwsError 403 for nobody, a signature for another service or region, whoever IAM does
   *     not allow {@code execute-api:Invoke}, and principals of other accounts: HTTP APIs have no
   *     resource policy that could let them in
   */
  Authorized authorize(Request request, Caller caller, Api api, Stage stage, String path) {
    boolean signedForIt =
        Authorization.of(request)
            .filter(signed -> signed.service().equals(Endpoints.SERVICE))
            .filter(signed -> signed.region().equals(api.region()))
            .isPresent();
    var invoke =
        Permission.of(
            "execute-api:Invoke",
            "arn:aws:execute-api:%s:%s:%s/%s/%s%s"
                .formatted(
                    api.region(), api.account(), api.id(), stage.name(), request.method(), path));
    if (!signedForIt
        || iam.refusal(caller, invoke).isPresent()
        || !caller.accountId().equals(api.account())) {
      throw EndpointErrors.forbidden();
    }
    return new Authorized.ByIam(
        caller.accessKeyId(),
        caller.accountId(),
        keys.find(caller.accessKeyId()).map(SessionKeys::assumedRoleId).orElse(caller.accountId()),
        caller.principalArn());
  }
}
