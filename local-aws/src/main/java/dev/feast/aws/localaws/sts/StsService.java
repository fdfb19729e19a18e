package dev.feast.aws.localaws.sts;

import dev.feast.aws.localaws.http.Parameters;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Permissions;
import dev.feast.aws.localaws.spi.QueryErrors;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;
import dev.feast.aws.localaws.xml.Xml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** STS: who am I, and keys for roles, where IAM lets them be assumed. */
public final class StsService implements Service {
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
  private static final WireErrors ERRORS = new QueryErrors(NAMESPACE);
  private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
  private static final Duration DEFAULT_VALIDITY = Duration.ofHours(1);
  private static final int MIN_SECONDS = 900;
  private static final int MAX_SECONDS = 43_200;

  private final IssuedKeys keys;
  private final Iam iam;

  public StsService(IssuedKeys keys, Iam iam) {
    this.keys = keys;
    this.iam = iam;
  }

  @Override
  public String name() {
    return "sts";
  }

  @Override
  public WireErrors errors() {
    return ERRORS;
  }

  /**
   * Whether an unsigned request has the form of STS' wire; AssumeRoleWithWebIdentity is not signed.
   */
  public static boolean isForm(Request request) {
    return request.method().equals("POST")
        && request.rawPath().equals("/")
        && request
            .header("Content-Type")
            .orElse("")
            .startsWith("application/x-www-form-urlencoded");
  }

  @Override
  public Operation operation(Request request, Caller caller) throws IOException {
    Parameters form = parameters(request);
    String action = form.first("Action").orElse("");
    return switch (action) {
      // "No permissions are required to perform this operation."
      case "GetCallerIdentity" ->
          Operation.reads(action, () -> Permissions.of(caller), () -> identity(caller));
      // Who may have a role's keys is up to its trust policy, too.
      case "AssumeRole" ->
          Operation.mutates(action, () -> Permissions.of(caller), () -> assumeRole(form, caller));
      case "AssumeRoleWithWebIdentity" ->
          Operation.mutates(
              action, () -> Permissions.of(caller), () -> assumeRoleWithWebIdentity(form, caller));
      default -> throw QueryErrors.invalidAction(action, form.first("Version").orElse(""));
    };
  }

  private static Parameters parameters(Request request) throws IOException {
    if (request.method().equals("GET")) {
      return request.query();
    }
    return Parameters.parse(new String(request.bytes(), StandardCharsets.UTF_8));
  }

  private Response identity(Caller caller) {
    if (caller.accessKeyId().isEmpty()) {
      throw AwsError.of(
          403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    }
    String userId =
        keys.find(caller.accessKeyId()).map(SessionKeys::assumedRoleId).orElse(caller.accountId());
    return answer(
        "GetCallerIdentity",
        caller,
        xml ->
            xml.element("Arn", caller.principalArn())
                .element("UserId", userId)
                .element("Account", caller.accountId()));
  }

  private Response assumeRole(Parameters form, Caller caller) {
    if (caller.accessKeyId().isEmpty()) {
      throw AwsError.of(
          403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    }
    String role = role(form);
    var details = new TreeMap<String, String>();
    form.first("ExternalId").ifPresent(id -> details.put("sts:ExternalId", id));
    form.first("RoleSessionName").ifPresent(name -> details.put("sts:RoleSessionName", name));
    if (!iam.mayAssume(role, caller, details)) {
      throw ERRORS.accessDenied(
          "User: %s is not authorized to perform: sts:AssumeRole on resource: %s"
              .formatted(caller.principalArn(), role));
    }
    SessionKeys session = issue(role, form);
    return answer("AssumeRole", caller, xml -> describe(session, xml));
  }

  private Response assumeRoleWithWebIdentity(Parameters form, Caller caller) {
    WebIdentity identity = WebIdentity.parse(form.first("WebIdentityToken").orElse(""));
    String role = role(form);
    if (!iam.mayAssume(role, identity.issuer(), identity.subject(), identity.audience())) {
      throw ERRORS.accessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }
    SessionKeys session = issue(role, form);
    return answer(
        "AssumeRoleWithWebIdentity",
        caller,
        xml -> {
          describe(session, xml);
          xml.element("SubjectFromWebIdentityToken", identity.subject())
              .element("Provider", identity.issuer())
              .element("Audience", identity.audience());
        });
  }

  private static String role(Parameters form) {
    String role = form.first("RoleArn").orElse("");
    if (!IssuedKeys.isRoleArn(role)) {
      throw validation(role + " is invalid");
    }
    return role;
  }

  private SessionKeys issue(String role, Parameters form) {
    String name = form.first("RoleSessionName").orElse("");
    if (!SESSION_NAME.matcher(name).matches()) {
      throw validation(
          "1 validation error detected: Value '"
              + name
              + "' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular"
              + " expression pattern: [\\w+=,.@-]*");
    }
    return keys.issue(role, name, validity(form));
  }

  private static Duration validity(Parameters form) {
    String text = form.first("DurationSeconds").orElse("");
    if (text.isEmpty()) {
      return DEFAULT_VALIDITY;
    }
    try {
      int seconds = Integer.parseInt(text);
      if (seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw validation(
        "1 validation error detected: Value '"
            + text
            + "' at 'durationSeconds' failed to satisfy constraint: Member must have value between "
            + MIN_SECONDS
            + " and "
            + MAX_SECONDS);
  }

  private static AwsError validation(String text) {
    return AwsError.of(400, "ValidationError", text);
  }

  private static void describe(SessionKeys session, Xml xml) {
    xml.element(
            "AssumedRoleUser",
            user ->
                user.element("AssumedRoleId", session.assumedRoleId())
                    .element("Arn", session.assumedRoleArn()))
        .element(
            "Credentials",
            credentials ->
                credentials
                    .element("AccessKeyId", session.accessKeyId())
                    .element("SecretAccessKey", session.secretAccessKey())
                    .element("SessionToken", session.sessionToken())
                    .element("Expiration", session.expiration().toString()));
  }

  private static Response answer(String action, Caller caller, Consumer<Xml> result) {
    return Xml.document(
            action + "Response",
            NAMESPACE,
            xml ->
                xml.element(action + "Result", result)
                    .element(
                        "ResponseMetadata",
                        metadata -> metadata.element("RequestId", caller.requestId())))
        .response(200, "text/xml");
  }
}
