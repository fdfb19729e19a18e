package dev.feast.aws.operator.model;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was found in AWS under our name and tags. Null or empty where nothing was found.
 *
 * @param logGroup the function's; not looked for where nobody asked for one
 * @param surplusApis ids of further APIs that carry our tags: a CreateApi whose answer was lost
 *     leaves one
 * @param foreign what has our name and is not ours
 * @param claim another's API that is to become ours; null where nobody asks for one
 * @param former what our API led to before it was adopted; null where it was not, and once that is
 *     over
 */
public record ObservedStack(
    @Nullable Repository repository,
    @Nullable Function function,
    @Nullable Api api,
    @Nullable LogGroup logGroup,
    List<String> surplusApis,
    List<ForeignObject> foreign,
    @Nullable Claim claim,
    @Nullable Former former) {

  public static final ObservedStack EMPTY =
      new ObservedStack(null, null, null, null, List.of(), List.of(), null, null);

  /**
   * The ECR repository.
   *
   * @param uri what images in it are named by
   * @param statements the policy's statements in canonical form, see {@link PolicyStatement}
   * @param images what it holds
   */
  public record Repository(
      String name,
      String arn,
      String uri,
      Map<String, String> tags,
      Set<PolicyStatement> statements,
      List<StoredImage> images) {

    /** Whether an image of that digest lies in it. */
    public boolean hasImage(String digest) {
      return images.stream().anyMatch(image -> image.digest().equals(digest));
    }

    /** Whether an image, named by repository URI and digest, is one of this repository. */
    public boolean holds(String image) {
      return image.startsWith(uri + "@");
    }

    public Repository withTags(Map<String, String> now) {
      return new Repository(name, arn, uri, now, statements, images);
    }

    public Repository withStatements(Set<PolicyStatement> now) {
      return new Repository(name, arn, uri, tags, now, images);
    }

    public Repository withImages(List<StoredImage> now) {
      return new Repository(name, arn, uri, tags, statements, List.copyOf(now));
    }

    /** With one more image, pushed by digest. */
    public Repository withImage(String digest) {
      return withImages(
          Stream.concat(images.stream(), Stream.of(new StoredImage(digest, false))).toList());
    }

    public Repository withoutImages(List<String> digests) {
      return withImages(
          images.stream().filter(image -> !digests.contains(image.digest())).toList());
    }
  }

  /**
   * An image in the repository.
   *
   * @param tagged whether somebody gave it a tag: the operator pushes by digest alone
   */
  public record StoredImage(String digest, boolean tagged) {}

  /**
   * A function with its versions, its alias {@code live} and that alias' policy.
   *
   * @param configuration of {@code $LATEST}
   * @param concurrency what is reserved and provisioned
   * @param versions published ones, ascending
   * @param permissions of the alias' policy
   * @param verified the version that passed its probe just now; 0 where none was tried. Kept for
   *     one pass only: a version that nobody moved the alias to is tried again
   * @param served the version that had the traffic when the operator looked last; 0 where it does
   *     not know. Another one than the alias' where somebody moved that
   */
  public record Function(
      FunctionConfiguration configuration,
      Concurrency concurrency,
      Map<String, String> tags,
      List<Version> versions,
      @Nullable Alias alias,
      List<Permission> permissions,
      long verified,
      long served) {

    public Function withConfiguration(FunctionConfiguration now) {
      return new Function(now, concurrency, tags, versions, alias, permissions, verified, served);
    }

    public Function withConcurrency(Concurrency now) {
      return new Function(configuration, now, tags, versions, alias, permissions, verified, served);
    }

    public Function withTags(Map<String, String> now) {
      return new Function(
          configuration, concurrency, now, versions, alias, permissions, verified, served);
    }

    public Function withVersions(List<Version> now) {
      return new Function(
          configuration, concurrency, tags, List.copyOf(now), alias, permissions, verified, served);
    }

    public Function withAlias(@Nullable Alias now) {
      return new Function(
          configuration, concurrency, tags, versions, now, permissions, verified, served);
    }

    public Function withVerified(long now) {
      return new Function(
          configuration, concurrency, tags, versions, alias, permissions, now, served);
    }

    public Function withServed(long now) {
      return new Function(
          configuration, concurrency, tags, versions, alias, permissions, verified, now);
    }

    public Function withPermissions(List<Permission> now) {
      return new Function(
          configuration, concurrency, tags, versions, alias, List.copyOf(now), verified, served);
    }
  }

  /**
   * What of the account's concurrency is the function's.
   *
   * @param reserved null where nothing is
   * @param provisioned not looked at where nobody asked for any
   */
  public record Concurrency(@Nullable Integer reserved, List<Provisioned> provisioned) {
    public static final Concurrency ON_DEMAND = new Concurrency(null, List.of());

    public Concurrency {
      provisioned = List.copyOf(provisioned);
    }

    public Optional<Provisioned> of(String qualifier) {
      return provisioned.stream().filter(found -> found.qualifier().equals(qualifier)).findFirst();
    }

    public Concurrency withReserved(@Nullable Integer now) {
      return new Concurrency(now, provisioned);
    }

    /** With that one in place of the one that its version or alias had. */
    public Concurrency with(Provisioned now) {
      return new Concurrency(
          reserved,
          Stream.concat(without(now.qualifier()).provisioned.stream(), Stream.of(now)).toList());
    }

    public Concurrency without(String qualifier) {
      return new Concurrency(
          reserved,
          provisioned.stream().filter(found -> !found.qualifier().equals(qualifier)).toList());
    }
  }

  /**
   * Environments that are kept initialized.
   *
   * @param qualifier the version, or an alias, of which they are
   * @param reason Lambda's word for why it failed; empty otherwise
   * @param modified when they were asked for: what the wait is measured from
   */
  public record Provisioned(
      String qualifier,
      int requested,
      Allocation state,
      String reason,
      @Nullable Instant modified) {
    /** How far Lambda is. */
    public enum Allocation {
      IN_PROGRESS,
      READY,
      FAILED
    }
  }

  /**
   * Where the alias points.
   *
   * @param splitsTraffic whether somebody gave a second version a share
   */
  public record Alias(long version, boolean splitsTraffic) {}

  /**
   * A published version.
   *
   * @param digest of its image, {@code sha256:...}
   * @param image repository URI and digest that it runs from: the same digest may lie in several
   *     repositories. Empty where Lambda does not tell
   */
  public record Version(long number, FunctionSettings settings, String digest, String image) {

    public Version withImage(String now) {
      return new Version(number, settings, digest, now);
    }

    /** What it is invoked and provisioned by. */
    public String qualifier() {
      return Long.toString(number);
    }

    /** Whether it may need that repository: it does unless it is known to run from another. */
    public boolean mayRunFrom(Repository repository) {
      return image.isEmpty() || repository.holds(image);
    }
  }

  /**
   * The function's log group.
   *
   * @param retentionDays null where it forgets nothing
   * @param isOurs whether it carries our tags: the operator made it. One that Lambda made first
   *     does not
   */
  public record LogGroup(
      String name, @Nullable Integer retentionDays, Map<String, String> tags, boolean isOurs) {
    public LogGroup withRetention(@Nullable Integer now) {
      return new LogGroup(name, now, tags, isOurs);
    }

    public LogGroup withTags(Map<String, String> now) {
      return new LogGroup(name, retentionDays, now, isOurs);
    }
  }

  public record Permission(
      String statementId, String principal, String action, @Nullable String sourceArn) {}

  /**
   * The HTTP API with all that is in it.
   *
   * @param endpoint without a trailing slash
   * @param cors null where no page of another origin may read its answers
   * @param authorizers looked for only where a spec asks for one, or a route names one
   */
  public record Api(
      String id,
      String name,
      String endpoint,
      Map<String, String> tags,
      boolean endpointDisabled,
      @Nullable Cors cors,
      List<Authorizer> authorizers,
      List<Integration> integrations,
      List<Route> routes,
      @Nullable Stage stage) {

    /** One with nothing in it yet. */
    public Api(
        String id,
        String name,
        String endpoint,
        Map<String, String> tags,
        boolean endpointDisabled,
        @Nullable Cors cors) {
      this(id, name, endpoint, tags, endpointDisabled, cors, List.of(), List.of(), List.of(), null);
    }

    public Api withSettings(String newName, boolean newEndpointDisabled) {
      return new Api(
          id,
          newName,
          endpoint,
          tags,
          newEndpointDisabled,
          cors,
          authorizers,
          integrations,
          routes,
          stage);
    }

    public Api withTags(Map<String, String> now) {
      return new Api(
          id,
          name,
          endpoint,
          now,
          endpointDisabled,
          cors,
          authorizers,
          integrations,
          routes,
          stage);
    }

    public Api withCors(@Nullable Cors now) {
      return new Api(
          id,
          name,
          endpoint,
          tags,
          endpointDisabled,
          now,
          authorizers,
          integrations,
          routes,
          stage);
    }

    public Api withAuthorizers(List<Authorizer> now) {
      return new Api(
          id,
          name,
          endpoint,
          tags,
          endpointDisabled,
          cors,
          List.copyOf(now),
          integrations,
          routes,
          stage);
    }

    public Api withIntegrations(List<Integration> now) {
      return new Api(
          id,
          name,
          endpoint,
          tags,
          endpointDisabled,
          cors,
          authorizers,
          List.copyOf(now),
          routes,
          stage);
    }

    public Api withRoutes(List<Route> now) {
      return new Api(
          id,
          name,
          endpoint,
          tags,
          endpointDisabled,
          cors,
          authorizers,
          integrations,
          List.copyOf(now),
          stage);
    }

    public Api withStage(Stage now) {
      return new Api(
          id, name, endpoint, tags, endpointDisabled, cors, authorizers, integrations, routes, now);
    }
  }

  /**
   * What checks tokens for routes that name it.
   *
   * @param type JWT or REQUEST
   * @param issuer empty where it is of another type
   * @param identitySources where requests have the token; one, for JWT
   */
  public record Authorizer(
      String id, String type, String issuer, Set<String> audience, List<String> identitySources) {
    public static final String JWT = "JWT";
  }

  public record Integration(
      String id, String type, @Nullable String uri, @Nullable String payloadFormat) {
    public static final String LAMBDA_PROXY = "AWS_PROXY";

    /** How a route names it. */
    public String target() {
      return "integrations/" + id;
    }
  }

  /**
   * A route of the API.
   *
   * @param guardIsNew whether the guard was changed in this pass: callers meet the one before until
   *     API Gateway has deployed it, a moment later (stages with automatic deployment)
   */
  public record Route(
      String id, String key, @Nullable String target, Guard guard, boolean guardIsNew) {
    public Route(String id, String key, @Nullable String target, Guard guard) {
      this(id, key, target, guard, false);
    }

    public Route withTarget(String now) {
      return new Route(id, key, now, guard, guardIsNew);
    }

    public Route withGuard(Guard now) {
      return new Route(id, key, target, now, true);
    }

    /** The same in a later pass. */
    public Route deployed() {
      return new Route(id, key, target, guard, false);
    }
  }

  /**
   * Whom a route lets through.
   *
   * @param type API Gateway's word: NONE, AWS_IAM, JWT or CUSTOM
   * @param authorizerId the one that checks tokens; null where none does
   * @param scopes of which a token has to have one; empty where it needs none
   */
  public record Guard(String type, @Nullable String authorizerId, Set<String> scopes) {
    public static final Guard OPEN = new Guard("NONE", null, Set.of());
    public static final Guard IAM = new Guard("AWS_IAM", null, Set.of());
    private static final String JWT = "JWT";

    public static Guard jwt(String authorizerId, Set<String> scopes) {
      return new Guard(JWT, authorizerId, scopes);
    }

    public boolean isOpen() {
      return type.equals(OPEN.type);
    }

    public boolean isIam() {
      return type.equals(IAM.type);
    }

    public boolean isJwt() {
      return type.equals(JWT);
    }
  }

  /**
   * A stage of the API.
   *
   * @param autoDeploy whether changes reach callers without a deployment of their own
   * @param throttles by route key, for routes that have one of their own
   * @param accessLog null where none is written
   */
  public record Stage(
      String name,
      boolean autoDeploy,
      Map<String, Throttle> throttles,
      @Nullable AccessLog accessLog) {

    /** One to which changes are deployed by themselves, and no more. */
    public static Stage deploying(String name) {
      return new Stage(name, true, Map.of(), null);
    }

    public Stage withAutoDeploy() {
      return new Stage(name, true, throttles, accessLog);
    }

    public Stage withThrottles(Map<String, Throttle> now) {
      return new Stage(name, autoDeploy, Map.copyOf(now), accessLog);
    }

    public Stage withAccessLog(@Nullable AccessLog now) {
      return new Stage(name, autoDeploy, throttles, now);
    }
  }

  public boolean isEmpty() {
    return repository == null
        && function == null
        && api == null
        && surplusApis.isEmpty()
        && (logGroup == null || !logGroup.isOurs());
  }

  /** What of it is there for some specs only. */
  public Set<OptionalPart> optionalParts() {
    Set<OptionalPart> parts = EnumSet.noneOf(OptionalPart.class);
    if (function != null && !function.concurrency().provisioned().isEmpty()) {
      parts.add(OptionalPart.PROVISIONED_CONCURRENCY);
    }
    if (logGroup != null && logGroup.isOurs()) {
      parts.add(OptionalPart.LOG_GROUP);
    }
    if (api != null && !api.authorizers().isEmpty()) {
      parts.add(OptionalPart.JWT_AUTHORIZER);
    }
    return parts;
  }

  /** The version that callers reach, whether or not it is the newest. */
  public Optional<Long> liveVersion() {
    return function == null || function.alias() == null
        ? Optional.empty()
        : Optional.of(function.alias().version());
  }

  /** That version itself; empty also where the alias points to one that is not there. */
  public Optional<Version> live() {
    return liveVersion()
        .flatMap(
            live ->
                requireFunction().versions().stream()
                    .filter(version -> version.number() == live)
                    .findFirst());
  }

  public ObservedStack withRepository(@Nullable Repository now) {
    return new ObservedStack(now, function, api, logGroup, surplusApis, foreign, claim, former);
  }

  public ObservedStack withFunction(@Nullable Function now) {
    return new ObservedStack(repository, now, api, logGroup, surplusApis, foreign, claim, former);
  }

  public ObservedStack withApi(@Nullable Api now) {
    return new ObservedStack(
        repository, function, now, logGroup, surplusApis, foreign, claim, former);
  }

  public ObservedStack withLogGroup(@Nullable LogGroup now) {
    return new ObservedStack(repository, function, api, now, surplusApis, foreign, claim, former);
  }

  public ObservedStack withSurplusApis(List<String> now) {
    return new ObservedStack(
        repository, function, api, logGroup, List.copyOf(now), foreign, claim, former);
  }

  public ObservedStack withForeign(List<ForeignObject> now) {
    return new ObservedStack(
        repository, function, api, logGroup, surplusApis, List.copyOf(now), claim, former);
  }

  public ObservedStack withClaim(@Nullable Claim now) {
    return new ObservedStack(
        repository, function, api, logGroup, surplusApis, foreign, now, former);
  }

  public ObservedStack withFormer(@Nullable Former now) {
    return new ObservedStack(repository, function, api, logGroup, surplusApis, foreign, claim, now);
  }

  /** What is there once what is claimed is ours. */
  public ObservedStack claimed() {
    Claim claimed = require(claim, "claim");
    return withApi(claimed.claimed()).withFormer(claimed.former()).withClaim(null);
  }

  public ObservedStack changingFormer(UnaryOperator<Former> change) {
    return withFormer(change.apply(requireFormer()));
  }

  public ObservedStack changingRepository(UnaryOperator<Repository> change) {
    return withRepository(change.apply(requireRepository()));
  }

  public ObservedStack changingFunction(UnaryOperator<Function> change) {
    return withFunction(change.apply(requireFunction()));
  }

  public ObservedStack changingApi(UnaryOperator<Api> change) {
    return withApi(change.apply(requireApi()));
  }

  public ObservedStack changingLogGroup(UnaryOperator<LogGroup> change) {
    return withLogGroup(change.apply(require(logGroup, "log group")));
  }

  /**
   * The same, with what the operator knows from before.
   *
   * @param version see {@link Function#served}
   */
  public ObservedStack havingServed(long version) {
    return function == null ? this : withFunction(function.withServed(version));
  }

  /**
   * The same, with what passed its probe before.
   *
   * @param version see {@link Function#verified}; 0 where none did
   */
  public ObservedStack havingVerified(long version) {
    return function == null ? this : withFunction(function.withVerified(version));
  }

  /**
   * The same, with how far an adoption was when the pass began.
   *
   * @param replaced id of the API that has answered since it leads to our function; null where none
   *     has
   */
  public ObservedStack adoptedSoFar(DesiredStack desired, @Nullable String replaced) {
    return former == null || api == null
        ? this
        : withFormer(
            former
                .withPermitted(desired.mayBeInvokedBy(api, this))
                .withReplaced(api.id().equals(replaced) && desired.isServedBy(this)));
  }

  public Repository requireRepository() {
    return require(repository, "repository");
  }

  public Function requireFunction() {
    return require(function, "function");
  }

  public Api requireApi() {
    return require(api, "API");
  }

  public Claim requireClaim() {
    return require(claim, "claim");
  }

  public Former requireFormer() {
    return require(former, "former owner");
  }

  private static <T> T require(@Nullable T found, String what) {
    if (found == null) {
      throw new IllegalStateException(
          "A step needs a " + what + " that was not observed: the planner put it too early");
    }
    return found;
  }
}
