package dev.feast.aws.localaws.dispatch;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.sigv4.Authorization;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.WireErrors.Refusal;
import java.util.Optional;
import java.util.UUID;

/**
 * The answer to what is for a service that is not here. Its protocol is not known: SDKs read the
 * code from JSON.
 */
final class UnknownService {
  private UnknownService() {}

  static Response answer(Request request, Optional<Authorization> signed) {
    JsonErrors json = JsonErrors.AWS_JSON_1_1;
    AwsError error =
        signed.isEmpty() && Authorization.isClaimedBy(request)
            ? json.refused(Refusal.MALFORMED)
            : AwsError.of(
                404,
                "UnknownOperationException",
                "local-aws has no "
                    + signed
                        .map(s -> "service " + s.service())
                        .orElse(request.method() + " " + request.rawPath()));
    return json.write(error, request, "").with("x-amzn-RequestId", UUID.randomUUID().toString());
  }
}
