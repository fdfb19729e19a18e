package dev.feast.aws.operator.model;

import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Authorizer;
import dev.feast.aws.operator.model.ObservedStack.Function;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Version;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a FeatureServer should have in AWS, computed from its spec alone.
 *
 * @param name see {@link StackName}; of the repository, the function and the API
 * @param tags on each of them
 * @param logRetentionDays how long the function's log is kept; null: that is Lambda's affair
 * @param endpoint who may ask, and how
 * @param rollout how a new version takes over
 */
public record DesiredStack(
    Owner owner,
    Location location,
    String name,
    SortedMap<String, String> tags,
    DesiredImage image,
    DesiredFunction function,
    Capacity capacity,
    @Nullable Integer logRetentionDays,
    DesiredEndpoint endpoint,
    DesiredRollout rollout,
    List<RouteKey> routes) {

  /** The alias that the API invokes; it points to the version that passed its probe last. */
  public static final String ALIAS = "live";

  /** HTTP APIs serve this stage without a path prefix. */
  public static final String STAGE = "$default";

  /** The only format that the runtime speaks. */
  public static final String PAYLOAD_FORMAT = "2.0";

  /** The image by digest, and whether this operator brings it. */
  public sealed interface DesiredImage {
    /** {@code sha256:...} of one platform's manifest. */
    String digest();

    /** Copied into a repository of our own. */
    record Copied(String digest) implements DesiredImage {}

    /**
     * Already in ECR, used where it is.
     *
     * @param repositoryUri without tag and digest
     */
    record InPlace(String repositoryUri, String digest) implements DesiredImage {}
  }

  /**
   * The function.
   *
   * @param architecture as Lambda names it: {@code x86_64} or {@code arm64}
   */
  public record DesiredFunction(FunctionSettings settings, String architecture) {}

  public Access access() {
    return endpoint.access();
  }

  /** The text without what may be secret: values of the environment, and the keys of callers. */
  public String withoutSecrets(String text) {
    String masked = function.settings().environment().masking(text);
    return switch (access()) {
      case Access.Open _, Access.ByIam _, Access.ByJwt _ -> masked;
      case Access.ByApiKey(List<ApiKey> keys) -> {
        for (ApiKey key : keys) {
          masked = masked.replace(key.value(), "***");
        }
        yield masked;
      }
    };
  }

  /**
   * A hash of all of this but function and image: what those were asked to be is frozen into
   * published versions. It is of the text form, in which nothing is secret ({@link Environment},
   * {@link ApiKey}), so that a field that comes in is part of it.
   */
  public String endpointHash() {
    return Sha256.hex(toString().replace(image.toString(), "").replace(function.toString(), ""));
  }

  /** What of it is there for some specs only. */
  public Set<OptionalPart> optionalParts() {
    Set<OptionalPart> parts = EnumSet.noneOf(OptionalPart.class);
    if (capacity.provisioned() > 0) {
      parts.add(OptionalPart.PROVISIONED_CONCURRENCY);
    }
    if (logRetentionDays != null) {
      parts.add(OptionalPart.LOG_GROUP);
    }
    if (access() instanceof Access.ByJwt) {
      parts.add(OptionalPart.JWT_AUTHORIZER);
    }
    return parts;
  }

  public String functionArn() {
    return location.function(name);
  }

  /** What the API's integration invokes. */
  public String aliasArn() {
    return location.qualifiedFunction(name, ALIAS);
  }

  /**
   * The image by digest under the name that the function is given; empty until there is a
   * repository for it.
   */
  public Optional<String> imageUri(ObservedStack observed) {
    return switch (image) {
      case DesiredImage.InPlace inPlace ->
          Optional.of(inPlace.repositoryUri() + "@" + inPlace.digest());
      case DesiredImage.Copied copied ->
          observed.repository() == null
              ? Optional.empty()
              : Optional.of(observed.repository().uri() + "@" + copied.digest());
    };
  }

  /**
   * The version to which traffic belongs: the live one where it is as desired, else the newest that
   * is.
   */
  public Optional<Version> candidate(ObservedStack observed) {
    Function found = observed.function();
    if (found == null) {
      return Optional.empty();
    }
    long live = observed.liveVersion().orElse(0L);
    // Never an older one than serves: version numbers then tell which one served before.
    List<Version> matching =
        found.versions().stream()
            .filter(version -> version.number() >= live)
            .filter(version -> isAsDesired(version, observed))
            .toList();
    return matching.stream()
        .filter(version -> version.number() == live)
        .findFirst()
        .or(() -> matching.isEmpty() ? Optional.empty() : Optional.of(matching.getLast()));
  }

  /** Whether a version has the code and the settings that are desired. */
  public boolean isAsDesired(Version version, ObservedStack observed) {
    return version.settings().equals(function.settings())
        && version.digest().equals(image.digest())
        && runsFrom(version, imageUri(observed));
  }

  /** Where either is not known, the digest has to do. */
  private static boolean runsFrom(Version version, Optional<String> wanted) {
    return version.image().isEmpty() || wanted.map(version.image()::equals).orElse(true);
  }

  /**
   * The integration that the routes go to: one that is already right, else any that can be made
   * right.
   */
  public Optional<Integration> integration(Api api) {
    return api.integrations().stream()
        .filter(this::isRight)
        .findFirst()
        .or(
            () ->
                api.integrations().stream()
                    .filter(found -> found.type().equals(Integration.LAMBDA_PROXY))
                    .findFirst());
  }

  /** The authorizer that routes name: one that is already right, else any that can be made so. */
  public Optional<Authorizer> authorizer(Api api) {
    if (!(access() instanceof Access.ByJwt jwt)) {
      return Optional.empty();
    }
    return api.authorizers().stream()
        .filter(found -> isRight(found, jwt))
        .findFirst()
        .or(
            () ->
                api.authorizers().stream()
                    .filter(found -> found.type().equals(Authorizer.JWT))
                    .findFirst());
  }

  /** Whether it takes the tokens that are to be taken. */
  public static boolean isRight(Authorizer found, Access.ByJwt jwt) {
    return found.type().equals(Authorizer.JWT)
        && found.issuer().equals(jwt.issuer())
        && found.audience().equals(jwt.audience())
        && found.identitySources().equals(List.of(jwt.identitySource()));
  }

  /** What routes are to let through; empty until there is the authorizer that it names. */
  public Optional<Guard> guard(Api api) {
    return switch (access()) {
      case Access.Open _, Access.ByApiKey _ -> Optional.of(Guard.OPEN);
      case Access.ByIam _ -> Optional.of(Guard.IAM);
      case Access.ByJwt jwt ->
          authorizer(api).map(authorizer -> Guard.jwt(authorizer.id(), jwt.scopes()));
    };
  }

  /**
   * Whether routes keep the guard that they have until the alias moves, so that they and the
   * version behind them never ask for two things at once, or for none: keys that a version asks for
   * are checked by it alone, so routes are closed right before callers reach one that asks for
   * none, and opened once they reach one that does.
   */
  public boolean guardsWithTheVersion(ObservedStack observed) {
    if (observed.liveVersion().isEmpty()) {
      return false;
    }
    boolean liveAsksForKeys =
        observed.live().map(live -> live.settings().environment().asksForKeys()).orElse(false);
    return switch (access()) {
      case Access.Open _ -> false;
      case Access.ByApiKey _ -> !liveAsksForKeys;
      case Access.ByIam _, Access.ByJwt _ -> liveAsksForKeys;
    };
  }

  /** The access log as it is to be; empty where there is to be none. */
  public Optional<AccessLog> accessLog() {
    return Optional.ofNullable(endpoint.accessLog()).map(wish -> wish.at(location));
  }

  /** Whether the version that callers reach is as desired. */
  public boolean isLive(ObservedStack observed) {
    Optional<Long> live = observed.liveVersion();
    return live.isPresent() && candidate(observed).map(Version::number).equals(live);
  }

  /**
   * Whether callers of the endpoint reach the live version, as desired or not, on every route. Tags
   * and what is there once too often say nothing against it.
   */
  public boolean isServedBy(ObservedStack observed) {
    Api api = observed.api();
    Function found = observed.function();
    return api != null
        && found != null
        && found.alias() != null
        && !api.endpointDisabled()
        && api.stage() != null
        && guardKinds(api) == 1
        && routes.stream()
            .allMatch(
                route ->
                    leadsToTheAlias(api, route, observed)
                        && found.permissions().contains(permission(api.id(), route)));
  }

  private boolean leadsToTheAlias(Api api, RouteKey key, ObservedStack observed) {
    return api.routes().stream()
        .filter(route -> route.key().equals(key.key()))
        .filter(route -> letsSomebodyThrough(route.guard(), observed))
        .anyMatch(
            route ->
                api.integrations().stream()
                    .filter(this::isRight)
                    .anyMatch(integration -> integration.target().equals(route.target())));
  }

  /** Whom those routes of the API let through that callers are to use. */
  public List<Guard> guards(Api api) {
    return api.routes().stream()
        .filter(route -> routes.stream().anyMatch(key -> key.key().equals(route.key())))
        .map(Route::guard)
        .toList();
  }

  /** More than one while they are being changed, be it by us or by somebody else. */
  private long guardKinds(Api api) {
    return guards(api).stream().map(Guard::type).distinct().count();
  }

  /** As is desired, or as was before: what cannot be changed goes on serving as it did. */
  private boolean letsSomebodyThrough(Guard guard, ObservedStack observed) {
    boolean keysAreAskedForAsWell = access().isCheckedByTheApi() && guardsWithTheVersion(observed);
    return guard.isOpen() || ((guard.isIam() || guard.isJwt()) && !keysAreAskedForAsWell);
  }

  public boolean isRight(Integration found) {
    return found.type().equals(Integration.LAMBDA_PROXY)
        && aliasArn().equals(found.uri())
        && PAYLOAD_FORMAT.equals(found.payloadFormat());
  }

  /** Whether the API may invoke the alias for every route. */
  public boolean mayBeInvokedBy(Api api, ObservedStack observed) {
    Function found = observed.function();
    return found != null
        && routes.stream()
            .allMatch(route -> found.permissions().contains(permission(api.id(), route)));
  }

  /** What lets the API invoke the alias for one route: one exact statement. */
  public Permission permission(String apiId, RouteKey route) {
    return new Permission(
        route.statementId(),
        location.servicePrincipal("apigateway"),
        "lambda:InvokeFunction",
        location.invocation(apiId, STAGE, route));
  }
}
