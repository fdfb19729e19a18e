package dev.feast.aws.localaws.dispatch;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.sigv4.Authorization;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.QueryErrors;
import dev.feast.aws.localaws.spi.WireErrors;
import dev.feast.aws.localaws.spi.WireErrors.Refusal;
import dev.feast.aws.localaws.sts.StsService;
import java.util.Optional;
import java.util.UUID;

/**
 * The answer to what is for a service that is not here: XML where the request is a form, as the
 * query protocol has it, else JSON.
 */
final class UnknownService {
  private UnknownService() {}

  static Response answer(Request request, Optional<Authorization> signed) {
    WireErrors errors = StsService.isForm(request) ? new QueryErrors("") : JsonErrors.AWS_JSON_1_1;
    AwsError error =
        signed.isEmpty() && Authorization.isClaimedBy(request)
            ? errors.refused(Refusal.MALFORMED)
            : AwsError.of(
                404,
                "UnknownOperationException",
                "local-aws has no "
                    + signed
                        .map(s -> "service " + s.service())
                        .orElse(request.method() + " " + request.rawPath()));
    String requestId = UUID.randomUUID().toString();
    return errors.write(error, request, requestId).with(errors.requestIdHeader(), requestId);
  }
}
