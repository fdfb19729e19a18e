package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JWT authorizer.
 *
 * @param identitySource {@code $request.header.<name>} or {@code $request.querystring.<name>}
 * @param issuer what {@code iss} has to hold; the keys are found below it
 * @param audience of which {@code aud} has to hold one
 */
record Authorizer(
    String id, String name, String identitySource, String issuer, List<String> audience) {
  private static final Pattern SOURCE =
      Pattern.compile("\\$request\\.(header|querystring)\\.([\\w-]+)");

  /** The word before a token in a header; API Gateway takes one without it as well. */
  private static final Pattern SCHEME = Pattern.compile("(?i)^bearer +");

  Authorizer {
    audience = List.copyOf(audience);
  }

  static boolean isSource(String text) {
    return SOURCE.matcher(text).matches();
  }

  /** The token that the request brings; empty where it brings none. */
  Optional<String> token(Request request) {
    Matcher source = SOURCE.matcher(identitySource);
    if (!source.matches()) {
      throw new IllegalStateException(identitySource);
    }
    Optional<String> value =
        source.group(1).equals("header")
            ? request.header(source.group(2))
            : request.query().first(source.group(2));
    return value
        .map(text -> SCHEME.matcher(text.strip()).replaceFirst(""))
        .filter(text -> !text.isEmpty());
  }
}
