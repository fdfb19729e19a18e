package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request names: a function by name, partial ARN or ARN, and perhaps one version or alias of
 * it.
 */
record FunctionReference(FunctionKey key, Optional<String> qualifier) {
  private static final String FORM =
      "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";
  private static final Pattern NAME = Pattern.compile(FORM);
  private static final String QUALIFIER_FORM = "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";
  private static final int MAX_NAME = 64;
  private static final int MAX_ARN = 140;

  /** From the path's {@code name} and the query's {@code Qualifier}. */
  static FunctionReference of(RestCall call) {
    return of(call.variable("name"), call.parameter("Qualifier"), call.caller());
  }

  static FunctionReference of(String text, Optional<String> qualifier, Caller caller) {
    var constraints =
        new Constraints().length("functionName", text, MAX_ARN).pattern("functionName", text, FORM);
    qualifier.ifPresent(
        q -> constraints.length("qualifier", q, 128).pattern("qualifier", q, QUALIFIER_FORM));
    constraints.check();
    Matcher name = NAME.matcher(text);
    if (!name.matches()) {
      throw new IllegalStateException(text);
    }
    String region = withoutColon(name.group(3), caller.region());
    String account = withoutColon(name.group(9), caller.accountId());
    var key = new FunctionKey(account, region, name.group(11));
    checkReachable(key, caller);
    Optional<String> derived = Optional.ofNullable(name.group(13));
    if (derived.isPresent() && qualifier.isPresent() && !derived.equals(qualifier)) {
      throw LambdaErrors.invalid(
          "The derived qualifier from the function name does not match the specified qualifier.");
    }
    return new FunctionReference(key, derived.or(() -> qualifier));
  }

  private static void checkReachable(FunctionKey key, Caller caller) {
    new Constraints().length("functionName", key.name(), MAX_NAME).check();
    if (!key.region().equals(caller.region())) {
      throw LambdaErrors.notFound(
          "Functions from '%s' are not reachable in this region ('%s')"
              .formatted(key.region(), caller.region()));
    }
    if (!key.account().equals(caller.accountId())) {
      throw AwsError.of(
          403,
          "AccessDeniedException",
          "User: %s is not authorized to access %s because no resource-based policy allows it"
              .formatted(caller.principalArn(), key.arn()));
    }
  }

  private static String withoutColon(@Nullable String group, String otherwise) {
    return group == null ? otherwise : group.substring(0, group.length() - 1);
  }

  /** The ARN that it names, qualified where it is. */
  String arn() {
    return qualifier.map(key::arn).orElseGet(key::arn);
  }
}
