package dev.feast.aws.operator.validation;

import dev.feast.aws.api.v1alpha1.AccessLogSpec;
import dev.feast.aws.api.v1alpha1.ApiKeys;
import dev.feast.aws.api.v1alpha1.Authorization;
import dev.feast.aws.api.v1alpha1.CorsSpec;
import dev.feast.aws.api.v1alpha1.EndpointSpec;
import dev.feast.aws.api.v1alpha1.JwtSpec;
import dev.feast.aws.api.v1alpha1.ThrottlingSpec;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.ApiKey;
import dev.feast.aws.operator.model.Cors;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.model.DesiredEndpoint.AccessLogWish;
import dev.feast.aws.operator.model.Throttle;
import dev.feast.aws.operator.validation.Problem.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask the endpoint, and how: what {@code spec.endpoint} and feature_store.yaml's {@code
 * feature_server} say of it has to agree, and the keys have to be such as can be sent. What the CRD
 * checks is checked again only where a mistake would open the endpoint.
 */
final class EndpointChecks {
  private static final String AUTH = "feature_server.auth";
  private static final String PUBLIC = "feature_server.public";
  private static final String API_KEYS = "spec.endpoint.apiKeys";
  private static final String JWT = "spec.endpoint.jwt";

  /** 32 characters of base64 are 192 bits, past all guessing. */
  static final int SHORTEST_KEY = 32;

  /** What a header's value may hold (RFC 9110, field-vchar), in ASCII. */
  private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]*");

  /** What most editors, and {@code echo}, put behind the last line of a file. */
  private static final Pattern LINE_END = Pattern.compile("\\R\\z");

  private final FeatureStoreYaml yaml;
  private final FeatureServerValidator.Keys keys;
  private final List<Problem> problems;

  EndpointChecks(FeatureStoreYaml yaml, FeatureServerValidator.Keys keys, List<Problem> problems) {
    this.yaml = yaml;
    this.keys = keys;
    this.problems = problems;
  }

  /**
   * @param secret the entries of the Secret that {@code endpoint} names; null where it names none
   * @return null after a mistake was noted
   */
  @Nullable DesiredEndpoint endpoint(EndpointSpec endpoint, @Nullable Map<String, String> secret) {
    Access access = access(endpoint, secret);
    return access == null
        ? null
        : new DesiredEndpoint(
            access,
            cors(endpoint.cors()),
            throttle(endpoint.throttling()),
            accessLog(endpoint.accessLog()));
  }

  private static @Nullable Cors cors(@Nullable CorsSpec spec) {
    return spec == null
        ? null
        : Cors.of(
            spec.allowOrigins(),
            spec.allowMethods(),
            spec.allowHeaders(),
            spec.exposeHeaders(),
            spec.maxAgeSeconds(),
            spec.allowCredentials());
  }

  private static @Nullable Throttle throttle(@Nullable ThrottlingSpec spec) {
    return spec == null ? null : new Throttle(spec.rateLimit(), spec.burstLimit());
  }

  private static @Nullable AccessLogWish accessLog(@Nullable AccessLogSpec spec) {
    return spec == null || spec.logGroup() == null
        ? null
        : new AccessLogWish(spec.logGroup(), spec.format());
  }

  private @Nullable Access access(EndpointSpec endpoint, @Nullable Map<String, String> secret) {
    int before = problems.size();
    Authorization written = written();
    Authorization declared = endpoint.authorization();
    if (written != null && declared != null && written != declared) {
      note(
          Reason.AuthorizationConflict,
          keys.of(AUTH),
          "holds %s, and spec.endpoint.authorization holds %s; leave one out, or make them agree"
              .formatted(yaml.shown("feature_server", "auth"), declared));
      return null;
    }
    Authorization agreed =
        declared != null ? declared : written != null ? written : Authorization.None;
    checkPublic(agreed);
    if (agreed != Authorization.APIKey) {
      checkNoKeys(endpoint.apiKeys(), agreed);
    }
    Access access =
        switch (agreed) {
          case None -> new Access.Open();
          case APIKey -> byApiKey(endpoint.apiKeys(), secret);
          case IAM -> new Access.ByIam();
          case JWT -> byJwt(endpoint.jwt());
        };
    return problems.size() == before ? access : null;
  }

  /** What feature_store.yaml says, null where it says nothing or nothing that is understood. */
  private @Nullable Authorization written() {
    return switch (yaml.value("feature_server", "auth")) {
      case null -> null;
      case String auth when auth.equals("none") -> Authorization.None;
      case String auth when auth.equals("api-key") -> Authorization.APIKey;
      default -> {
        note(
            Reason.InvalidValue,
            keys.of(AUTH),
            "holds %s; leave it out, or write none or api-key"
                .formatted(yaml.shown("feature_server", "auth")));
        yield null;
      }
    };
  }

  private void checkPublic(Authorization agreed) {
    Object open = yaml.value("feature_server", "public");
    if (Boolean.FALSE.equals(open) && agreed == Authorization.None) {
      note(
          Reason.AuthorizationConflict,
          keys.of(PUBLIC),
          "holds false, and nobody would be asked who they are; set spec.endpoint.authorization to"
              + " APIKey, IAM or JWT, or write true");
    } else if (open != null && !(open instanceof Boolean)) {
      note(
          Reason.InvalidValue,
          keys.of(PUBLIC),
          "holds %s; leave it out, or write true or false"
              .formatted(yaml.shown("feature_server", "public")));
    }
  }

  private void checkNoKeys(@Nullable ApiKeys apiKeys, Authorization agreed) {
    if (apiKeys != null) {
      note(
          Reason.AuthorizationConflict,
          API_KEYS,
          "are given, and with authorization %s nobody would be asked for one; set"
                  .formatted(agreed)
              + " spec.endpoint.authorization to APIKey, or leave them out");
    }
  }

  private @Nullable Access byJwt(@Nullable JwtSpec jwt) {
    if (jwt == null || jwt.issuer() == null || jwt.audience().isEmpty()) {
      note(
          Reason.JwtMissing,
          JWT,
          "is missing, or lacks issuer or audience; give both, which say whose tokens are taken");
      return null;
    }
    return new Access.ByJwt(
        jwt.issuer(), Set.copyOf(jwt.audience()), Set.copyOf(jwt.scopes()), jwt.identitySource());
  }

  private @Nullable Access byApiKey(
      @Nullable ApiKeys apiKeys, @Nullable Map<String, String> secret) {
    if (apiKeys == null) {
      note(
          Reason.ApiKeysMissing,
          API_KEYS,
          "are missing; give secretName, a Secret whose values are the keys that callers send");
      return null;
    }
    String key = API_KEYS + ".secretName";
    if (secret == null || secret.isEmpty()) {
      note(
          Reason.InvalidApiKey,
          key,
          "names Secret %s, which holds nothing; put a key of at least %d characters into it"
              .formatted(apiKeys.secretName(), SHORTEST_KEY));
      return null;
    }
    List<ApiKey> found = new ArrayList<>();
    new TreeMap<>(secret)
        .forEach(
            (entry, value) -> {
              String sent = LINE_END.matcher(value).replaceFirst("");
              if (sent.length() < SHORTEST_KEY || !SENDABLE.matcher(sent).matches()) {
                note(
                    Reason.InvalidApiKey,
                    key,
                    "names Secret %s, whose %s %s"
                        .formatted(apiKeys.secretName(), entry, wrongWith(sent)));
              }
              found.add(new ApiKey(sent));
            });
    return new Access.ByApiKey(found);
  }

  /** Never shows the key. */
  private static String wrongWith(String key) {
    return key.length() < SHORTEST_KEY
        ? "has %d characters; a key needs at least %d".formatted(key.length(), SHORTEST_KEY)
        : "holds a blank, a line break or what is no ASCII, which no header can carry; a key has"
            + " letters, digits and punctuation only";
  }

  private void note(Reason reason, String key, String message) {
    problems.add(new Problem(reason, key, message));
  }
}
