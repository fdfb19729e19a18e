package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.DesiredStack.DesiredFunction;
import dev.feast.aws.operator.model.Former;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionConfiguration.LastUpdate;
import dev.feast.aws.operator.model.FunctionConfiguration.State;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Alias;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Authorizer;
import dev.feast.aws.operator.model.ObservedStack.Concurrency;
import dev.feast.aws.operator.model.ObservedStack.Function;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.LogGroup;
import dev.feast.aws.operator.model.ObservedStack.Provisioned;
import dev.feast.aws.operator.model.ObservedStack.Provisioned.Allocation;
import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import dev.feast.aws.operator.model.ObservedStack.Version;
import dev.feast.aws.operator.model.RouteKey;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.model.Tags;
import dev.feast.aws.operator.model.Throttle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What each step does to the world, with the refusals of AWS that the order of steps has to
 * respect; each of them fails the test.
 */
final class SimulatedAws {
  private static final int MOST_STEPS = 200;

  private final DesiredStack desired;
  private final Planner planner = new Planner();
  private final List<Step> applied = new ArrayList<>();
  private ObservedStack now;
  private int lastId;

  SimulatedAws(DesiredStack desired, ObservedStack before) {
    this(desired, before, newest(before));
  }

  /**
   * @param lastId ids and version numbers given before: AWS never gives one twice
   */
  SimulatedAws(DesiredStack desired, ObservedStack before, int lastId) {
    this.desired = desired;
    this.now = before;
    this.lastId = lastId;
  }

  private static int newest(ObservedStack world) {
    Function function = world.function();
    return function == null || function.versions().isEmpty()
        ? 100
        : (int) function.versions().getLast().number() + 100;
  }

  int lastId() {
    return lastId;
  }

  List<Step> applied() {
    return applied;
  }

  ObservedStack now() {
    return now;
  }

  /** Applies plans until none is left. */
  ObservedStack settle() {
    for (int i = 0; i < MOST_STEPS; i++) {
      Plan plan = planner.plan(desired, now);
      if (plan.isEmpty()) {
        return now;
      }
      apply(plan.steps().getFirst());
    }
    throw new AssertionError("Does not settle: " + planner.plan(desired, now).steps());
  }

  void apply(Step step) {
    applied.add(step);
    now =
        switch (step) {
          case Step.CreateRepository _ -> {
            expect(now.repository() == null, step);
            yield now.withRepository(
                new Repository(
                    desired.name(),
                    "arn",
                    "registry/" + desired.name(),
                    desired.tags(),
                    Set.of(),
                    List.of()));
          }
          case Step.SetRepositoryPolicy set ->
              now.changingRepository(r -> r.withStatements(new HashSet<>(set.statements())));
          case Step.TagRepository tag ->
              now.changingRepository(r -> r.withTags(tagged(r.tags(), tag.set(), tag.remove())));
          case Step.CopyImage copy -> now.changingRepository(r -> r.withImage(copy.digest()));
          case Step.DeleteImages delete -> {
            Repository left = now.requireRepository().withoutImages(delete.digests());
            Function function = now.requireFunction();
            expect(holdsAll(left, function), step);
            yield now.withRepository(left);
          }
          case Step.DeleteRepository _ -> {
            Repository gone = now.requireRepository();
            Function function = now.function();
            expect(
                function == null
                    || (!gone.holds(function.configuration().image())
                        && function.versions().stream().noneMatch(v -> gone.holds(v.image()))),
                step);
            yield now.withRepository(null);
          }

          case Step.CreateLogGroup _ -> {
            expect(now.logGroup() == null, step);
            yield now.withLogGroup(
                new LogGroup(StackName.logGroup(desired.name()), null, desired.tags(), true));
          }
          case Step.SetLogRetention _ ->
              now.changingLogGroup(g -> g.withRetention(desired.logRetentionDays()));
          case Step.TagLogGroup tag ->
              now.changingLogGroup(g -> g.withTags(tagged(g.tags(), tag.set(), tag.remove())));
          case Step.DeleteLogGroup _ -> {
            // It would be made again with the function's next line.
            expect(now.function() == null, step);
            yield now.withLogGroup(null);
          }

          case Step.CreateFunction _ -> {
            expect(now.function() == null, step);
            expect(desired.logRetentionDays() == null || now.logGroup() != null, step);
            yield now.withFunction(
                new Function(
                    configuration(
                        desired.function(), image(), State.PENDING, LastUpdate.IN_PROGRESS),
                    Concurrency.ON_DEMAND,
                    desired.tags(),
                    List.of(),
                    null,
                    List.of(),
                    0,
                    0));
          }
          case Step.AwaitFunction _ -> now.changingFunction(f -> f.withConfiguration(settled(f)));
          case Step.UpdateFunctionCode _ -> {
            expectIdle(step);
            yield now.changingFunction(
                f ->
                    f.withConfiguration(
                        new FunctionConfiguration(
                            f.configuration().settings(),
                            image(),
                            desired.function().architecture(),
                            State.ACTIVE,
                            "",
                            LastUpdate.IN_PROGRESS,
                            "",
                            Instant.EPOCH)));
          }
          case Step.UpdateFunctionConfiguration _ -> {
            expectIdle(step);
            yield now.changingFunction(
                f ->
                    f.withConfiguration(
                        configuration(
                            new DesiredFunction(
                                desired.function().settings(), f.configuration().architecture()),
                            f.configuration().image(),
                            State.ACTIVE,
                            LastUpdate.IN_PROGRESS)));
          }
          case Step.TagFunction tag -> {
            expectIdle(step);
            yield now.changingFunction(f -> f.withTags(tagged(f.tags(), tag.set(), tag.remove())));
          }
          case Step.PublishVersion _ -> {
            expectIdle(step);
            yield now.changingFunction(
                f -> {
                  var versions = new ArrayList<>(f.versions());
                  versions.add(
                      new Version(
                          ++lastId,
                          f.configuration().settings(),
                          f.configuration().digest(),
                          f.configuration().image()));
                  return f.withVersions(versions);
                });
          }
          case Step.ProbeVersion _ ->
              now.changingFunction(f -> f.withVerified(candidate(step).number()));
          case Step.AwaitVersion _ ->
              now.changingFunction(f -> f.withVerified(candidate(step).number()));
          case Step.ReserveConcurrency _ -> {
            Integer reserved = desired.capacity().reserved();
            expect(reserved == null || reserved >= provisioned(concurrency()), step);
            yield withConcurrency(concurrency().withReserved(reserved));
          }
          case Step.ProvisionVersion _ -> {
            Version version = candidate(step);
            boolean live = now.liveVersion().equals(Optional.of(version.number()));
            expect(live || now.requireFunction().verified() == version.number(), step);
            Concurrency then =
                concurrency()
                    .with(
                        new Provisioned(
                            version.qualifier(),
                            desired.capacity().provisioned(),
                            Allocation.IN_PROGRESS,
                            "",
                            Instant.EPOCH));
            Integer reserved = then.reserved();
            expect(reserved == null || reserved >= provisioned(then), step);
            yield withConcurrency(then);
          }
          case Step.AwaitProvisioned _ -> {
            String version = candidate(step).qualifier();
            yield withConcurrency(
                concurrency()
                    .with(
                        new Provisioned(
                            version,
                            concurrency().of(version).orElseThrow().requested(),
                            Allocation.READY,
                            "",
                            Instant.EPOCH)));
          }
          case Step.ReleaseProvisioned release ->
              withConcurrency(concurrency().without(release.qualifier()));
          case Step.CreateAlias _, Step.MoveAlias _ -> {
            long version = candidate(step).number();
            boolean verified = now.requireFunction().verified() == version;
            boolean stays = now.liveVersion().equals(Optional.of(version));
            expect(verified || stays, step);
            int wanted = desired.capacity().provisioned();
            expect(wanted == 0 || stays || isReady(version, wanted), step);
            yield now.changingFunction(f -> f.withAlias(new Alias(version, false)));
          }
          case Step.DeleteVersion delete -> {
            expect(!now.liveVersion().equals(Optional.of(delete.version())), step);
            expect(concurrency().of(Long.toString(delete.version())).isEmpty(), step);
            yield now.changingFunction(
                f ->
                    f.withVersions(
                        f.versions().stream()
                            .filter(v -> v.number() != delete.version())
                            .toList()));
          }
          case Step.DeleteFunction _ -> now.withFunction(null);

          case Step.CreateApi _ ->
              now.withApi(
                  new Api(
                      "api" + ++lastId,
                      desired.name(),
                      "http://endpoint",
                      desired.tags(),
                      false,
                      null));
          case Step.SetCors _ -> now.changingApi(a -> a.withCors(desired.endpoint().cors()));
          case Step.DeleteCors _ -> now.changingApi(a -> a.withCors(null));
          case Step.CreateAuthorizer _ ->
              now.changingApi(a -> withAuthorizer(a, "auth" + ++lastId));
          case Step.UpdateAuthorizer update ->
              now.changingApi(a -> withAuthorizer(a, update.authorizerId()));
          case Step.DeleteAuthorizer delete -> {
            expect(
                now.requireApi().routes().stream()
                    .noneMatch(r -> delete.authorizerId().equals(r.guard().authorizerId())),
                step);
            yield now.changingApi(
                a ->
                    a.withAuthorizers(
                        a.authorizers().stream()
                            .filter(found -> !found.id().equals(delete.authorizerId()))
                            .toList()));
          }
          case Step.UpdateApi _ -> now.changingApi(a -> a.withSettings(desired.name(), false));
          case Step.TagApi tag ->
              now.changingApi(a -> a.withTags(tagged(a.tags(), tag.set(), tag.remove())));
          case Step.CreateIntegration _ ->
              now.changingApi(a -> withIntegration(a, "int" + ++lastId));
          case Step.UpdateIntegration update ->
              now.changingApi(a -> withIntegration(a, update.integrationId()));
          case Step.DeleteIntegration delete -> {
            expect(
                now.requireApi().routes().stream()
                    .noneMatch(r -> ("integrations/" + delete.integrationId()).equals(r.target())),
                step);
            yield now.changingApi(
                a ->
                    a.withIntegrations(
                        a.integrations().stream()
                            .filter(i -> !i.id().equals(delete.integrationId()))
                            .toList()));
          }
          case Step.CreateRoute create -> {
            expect(
                now.requireApi().routes().stream()
                    .noneMatch(r -> r.key().equals(create.route().key())),
                step);
            yield withRoute("route" + ++lastId, create.route());
          }
          case Step.UpdateRoute update ->
              changingRoute(
                  update.routeId(),
                  (api, route) ->
                      route.withTarget(desired.integration(api).orElseThrow().target()));
          case Step.SetRouteAuthorization set ->
              changingRoute(set.routeId(), (api, route) -> route.withGuard(guard(api)));
          case Step.DeleteRoute delete ->
              now.changingApi(
                  a ->
                      a.withRoutes(
                          a.routes().stream()
                              .filter(r -> !r.id().equals(delete.routeId()))
                              .toList()));
          case Step.CreateStage _ -> {
            expect(now.requireApi().stage() == null, step);
            yield now.changingApi(a -> a.withStage(Stage.deploying(DesiredStack.STAGE)));
          }
          case Step.UpdateStage _ -> changingStage(Stage::withAutoDeploy);
          case Step.ThrottleRoutes throttle -> {
            var throttles = new HashMap<String, Throttle>();
            throttles.putAll(Objects.requireNonNull(now.requireApi().stage()).throttles());
            for (RouteKey key : throttle.routes()) {
              expect(
                  now.requireApi().routes().stream().anyMatch(r -> r.key().equals(key.key())),
                  step);
              throttles.put(key.key(), Objects.requireNonNull(desired.endpoint().throttle()));
            }
            yield changingStage(stage -> stage.withThrottles(throttles));
          }
          case Step.UnthrottleRoute unthrottle ->
              changingStage(
                  stage -> {
                    var rest = new HashMap<>(stage.throttles());
                    expect(rest.remove(unthrottle.routeKey()) != null, step);
                    return stage.withThrottles(rest);
                  });
          case Step.SetAccessLog _ ->
              changingStage(stage -> stage.withAccessLog(desired.accessLog().orElseThrow()));
          case Step.DeleteAccessLog _ -> changingStage(stage -> stage.withAccessLog(null));
          case Step.DeleteApi delete -> {
            ObservedStack rest =
                now.withSurplusApis(
                    now.surplusApis().stream().filter(id -> !id.equals(delete.apiId())).toList());
            yield rest.api() != null && rest.api().id().equals(delete.apiId())
                ? rest.withApi(null)
                : rest;
          }
          case Step.ClaimApi _ -> now.claimed();
          case Step.AwaitRoutes _ ->
              now.changingApi(a -> a.withRoutes(a.routes().stream().map(Route::deployed).toList()));
          case Step.AwaitTraffic _ ->
              now.changingFunction(f -> f.withServed(now.liveVersion().orElseThrow()));
          case Step.AwaitPermissions _ -> {
            expect(desired.mayBeInvokedBy(now.requireApi(), now), step);
            yield now.changingFormer(former -> former.withPermitted(true));
          }
          case Step.AwaitReplacement _ -> {
            expect(desired.isServedBy(now), step);
            yield now.changingFormer(former -> former.withReplaced(true));
          }
          case Step.DeleteFormerFunction _ -> now.changingFormer(Former::withoutFunction);
          case Step.DeleteFormerRepository _ -> {
            expect(!now.requireFormer().function().isToBeRemoved(), step);
            yield now.changingFormer(Former::withoutRepository);
          }
          case Step.EndAdoption _ ->
              now.changingApi(
                      a -> a.withTags(tagged(a.tags(), Map.of(), Tags.endingAdoption(a.tags()))))
                  .withFormer(null);
          case Step.AddPermission add -> {
            expect(now.liveVersion().isPresent(), step);
            expect(
                now.requireFunction().permissions().stream()
                    .noneMatch(p -> p.statementId().equals(add.route().statementId())),
                step);
            yield now.changingFunction(
                f -> {
                  var permissions = new ArrayList<>(f.permissions());
                  permissions.add(desired.permission(now.requireApi().id(), add.route()));
                  return f.withPermissions(permissions);
                });
          }
          case Step.RemovePermission remove ->
              now.changingFunction(
                  f ->
                      f.withPermissions(
                          f.permissions().stream()
                              .filter(p -> !p.equals(remove.permission()))
                              .toList()));
        };
  }

  /** Lambda fails what it may have to start from an image that is gone. */
  private static boolean holdsAll(Repository repository, Function function) {
    return Stream.concat(
            Stream.of(function.configuration().image()),
            function.versions().stream().map(Version::image))
        .filter(repository::holds)
        .allMatch(image -> repository.hasImage(image.substring(image.indexOf('@') + 1)));
  }

  private Concurrency concurrency() {
    return now.requireFunction().concurrency();
  }

  private ObservedStack withConcurrency(Concurrency concurrency) {
    return now.changingFunction(f -> f.withConcurrency(concurrency));
  }

  private static int provisioned(Concurrency concurrency) {
    return concurrency.provisioned().stream().mapToInt(Provisioned::requested).sum();
  }

  private boolean isReady(long version, int wanted) {
    return concurrency()
        .of(Long.toString(version))
        .filter(found -> found.requested() == wanted && found.state() == Allocation.READY)
        .isPresent();
  }

  private ObservedStack withRoute(String id, RouteKey route) {
    return now.changingApi(
        a -> {
          var routes = new ArrayList<>(a.routes());
          routes.add(
              new Route(id, route.key(), desired.integration(a).orElseThrow().target(), guard(a)));
          return a.withRoutes(routes);
        });
  }

  private ObservedStack changingRoute(String id, BiFunction<Api, Route, Route> change) {
    return now.changingApi(
        a ->
            a.withRoutes(
                a.routes().stream()
                    .map(route -> route.id().equals(id) ? change.apply(a, route) : route)
                    .toList()));
  }

  /** Only of an authorizer that is there. */
  private Guard guard(Api api) {
    return desired.guard(api).orElseThrow();
  }

  private ObservedStack changingStage(UnaryOperator<Stage> change) {
    return now.changingApi(a -> a.withStage(change.apply(Objects.requireNonNull(a.stage()))));
  }

  private Api withAuthorizer(Api api, String id) {
    var jwt = (Access.ByJwt) desired.access();
    var authorizers = new ArrayList<>(api.authorizers());
    authorizers.removeIf(found -> found.id().equals(id));
    authorizers.add(
        new Authorizer(
            id, Authorizer.JWT, jwt.issuer(), jwt.audience(), List.of(jwt.identitySource())));
    return api.withAuthorizers(authorizers);
  }

  private Api withIntegration(Api api, String id) {
    var integrations = new ArrayList<>(api.integrations());
    integrations.removeIf(i -> i.id().equals(id));
    integrations.add(
        new Integration(
            id, Integration.LAMBDA_PROXY, desired.aliasArn(), DesiredStack.PAYLOAD_FORMAT));
    return api.withIntegrations(integrations);
  }

  private Version candidate(Step step) {
    return desired.candidate(now).orElseThrow(() -> new AssertionError("Nothing to use: " + step));
  }

  private String image() {
    return desired.imageUri(now).orElseThrow();
  }

  private void expectIdle(Step step) {
    FunctionConfiguration configuration = now.requireFunction().configuration();
    expect(
        configuration.lastUpdate() != LastUpdate.IN_PROGRESS
            && (configuration.state() == State.ACTIVE || configuration.state() == State.INACTIVE),
        step);
  }

  private void expect(boolean allowed, Step step) {
    if (!allowed) {
      throw new AssertionError("AWS would refuse %s in %s".formatted(step, now));
    }
  }

  private static FunctionConfiguration settled(Function function) {
    FunctionConfiguration found = function.configuration();
    return new FunctionConfiguration(
        found.settings(),
        found.image(),
        found.architecture(),
        State.ACTIVE,
        "",
        LastUpdate.SUCCESSFUL,
        "",
        found.modified());
  }

  static FunctionConfiguration configuration(
      DesiredFunction function, String image, State state, LastUpdate lastUpdate) {
    return new FunctionConfiguration(
        function.settings(),
        image,
        function.architecture(),
        state,
        "",
        lastUpdate,
        "",
        Instant.EPOCH);
  }

  private static Map<String, String> tagged(
      Map<String, String> present, Map<String, String> set, List<String> remove) {
    var now = new TreeMap<>(present);
    now.putAll(set);
    now.keySet().removeAll(remove);
    return now;
  }
}
