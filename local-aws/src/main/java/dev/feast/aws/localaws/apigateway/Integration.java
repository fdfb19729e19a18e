package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.lambda.FunctionKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a route calls: a Lambda function.
 *
 * @param uri a function's or alias' ARN, or the apigateway form of it
 * @param payloadFormat {@code 2.0}
 * @param timeoutMillis 50 to 30,000
 * @param managed whether API Gateway made it with the API: it may be updated and not deleted
 */
record Integration(
    String id,
    String uri,
    String payloadFormat,
    int timeoutMillis,
    Optional<String> description,
    boolean managed) {
  /** "Timeout … between 50 and 30,000 milliseconds for HTTP APIs". */
  static final int MAX_TIMEOUT_MILLIS = 30_000;

  private static final Pattern FUNCTION =
      Pattern.compile(
          "(?:arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/)?arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\\d{12}):function:([a-zA-Z0-9-_]+)(?::([a-zA-Z0-9-_$]+))?(?:/invocations)?");

  /** The function that it calls, and the version or alias of it. */
  record Target(FunctionKey function, Optional<String> qualifier) {}

  static boolean isFunction(String uri) {
    return FUNCTION.matcher(uri).matches();
  }

  Target target() {
    Matcher matcher = FUNCTION.matcher(uri);
    if (!matcher.matches()) {
      throw new IllegalStateException(uri);
    }
    return new Target(
        new FunctionKey(matcher.group(2), matcher.group(1), matcher.group(3)),
        Optional.ofNullable(matcher.group(4)));
  }
}
