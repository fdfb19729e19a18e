package dev.feast.aws.localaws.sigv4;

import dev.feast.aws.localaws.http.Parameters;
import dev.feast.aws.localaws.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request says about who signed it and for what, in its Authorization header or, presigned,
 * in its query.
 *
 * @param date of the credential scope, {@code yyyyMMdd}
 * @param signedHeaders lower-case, in order
 * @param signature lower-case hexadecimal
 * @param presigned whether all of this stands in the query
 */
public record Authorization(
    String accessKeyId,
    String date,
    String region,
    String service,
    List<String> signedHeaders,
    String signature,
    boolean presigned) {

  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private static final Pattern CREDENTIAL =
      Pattern.compile("([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request");
  private static final Pattern HEADER =
      Pattern.compile(
          ALGORITHM
              + "\\s+Credential=([^,\\s]+)\\s*,\\s*SignedHeaders=([^,\\s]+)\\s*,\\s*Signature=([0-9a-f]{64})\\s*");

  public Authorization {
    signedHeaders = List.copyOf(signedHeaders);
  }

  /** Whether the request claims to be signed with Signature Version 4, readable or not. */
  public static boolean isClaimedBy(Request request) {
    return request.header("Authorization").filter(a -> a.startsWith("AWS4-")).isPresent()
        || request.rawQuery().contains("X-Amz-Credential=");
  }

  /** Empty for a request that is not signed, or whose signature is not of SigV4's form. */
  public static Optional<Authorization> of(Request request) {
    Optional<String> header = request.header("Authorization");
    if (header.isPresent()) {
      Matcher parts = HEADER.matcher(header.get());
      return parts.matches()
          ? read(parts.group(1), parts.group(2), parts.group(3), false)
          : Optional.empty();
    }
    if (!request.rawQuery().contains("X-Amz-Credential=")) {
      return Optional.empty();
    }
    Parameters query = request.query();
    return read(
        query.first("X-Amz-Credential").orElse(""),
        query.first("X-Amz-SignedHeaders").orElse(""),
        query.first("X-Amz-Signature").orElse(""),
        true);
  }

  private static Optional<Authorization> read(
      String credential, String signedHeaders, String signature, boolean presigned) {
    Matcher scope = CREDENTIAL.matcher(credential);
    if (!scope.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Authorization(
            scope.group(1),
            scope.group(2),
            scope.group(3),
            scope.group(4),
            List.of(signedHeaders.split(";", -1)),
            signature,
            presigned));
  }
}
