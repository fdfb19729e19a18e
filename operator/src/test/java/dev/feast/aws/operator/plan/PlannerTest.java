package dev.feast.aws.operator.plan;

import static dev.feast.aws.operator.plan.Worlds.DIGEST;
import static dev.feast.aws.operator.plan.Worlds.actions;
import static dev.feast.aws.operator.plan.Worlds.complete;
import static dev.feast.aws.operator.plan.Worlds.desired;
import static dev.feast.aws.operator.plan.Worlds.digest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.operator.model.DesiredRollout;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.DesiredStack.DesiredImage;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionConfiguration.LastUpdate;
import dev.feast.aws.operator.model.FunctionConfiguration.State;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Alias;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import dev.feast.aws.operator.model.ObservedStack.StoredImage;
import dev.feast.aws.operator.model.ObservedStack.Version;
import dev.feast.aws.operator.model.PolicyStatement;
import dev.feast.aws.operator.model.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlannerTest {
  private final Planner planner = new Planner();

  @Test
  void makesEverythingInOrderWithTheEndpointLast() {
    Plan plan = planner.plan(desired(), ObservedStack.EMPTY);

    assertThat(actions(plan))
        .containsExactly(
            "create repository",
            "set repository policy",
            "copy image",
            "create function",
            "await function",
            "publish version",
            "probe version",
            "create alias",
            "create api",
            "create integration",
            "create route",
            "create route",
            "create route",
            "create stage",
            "add permission",
            "add permission",
            "add permission");
    assertThat(plan.steps()).allSatisfy(step -> assertThat(step.reason()).isNotBlank());
  }

  @Test
  void leavesAnUnchangedWorldAlone() {
    assertThat(planner.plan(desired(), complete(desired())).steps()).isEmpty();
  }

  @Test
  void leavesAnIdleFunctionAlone() {
    ObservedStack idle = configured(complete(desired()), State.INACTIVE, LastUpdate.SUCCESSFUL);

    assertThat(planner.plan(desired(), idle).steps()).isEmpty();
  }

  /** What was changed or lost behind the operator's back, and what puts it right. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("drifts")
  void putsBackWhatDrifted(String what, UnaryOperator<ObservedStack> drift, List<String> expected) {
    ObservedStack drifted = drift.apply(complete(desired()));

    assertThat(actions(planner.plan(desired(), drifted))).isEqualTo(expected);
    ObservedStack settled = new SimulatedAws(desired(), drifted).settle();
    assertThat(planner.plan(desired(), settled).isEmpty()).isTrue();
  }

  static Stream<Arguments> drifts() {
    return Stream.of(
        drift(
            "repository policy gone",
            world -> world.changingRepository(r -> r.withStatements(Set.of())),
            "set repository policy"),
        drift(
            "repository tags gone",
            world -> world.changingRepository(r -> r.withTags(without(r.tags(), Tags.UID))),
            "tag repository"),
        drift("image gone", PlannerTest::withoutImage, "copy image"),
        drift(
            "repository gone",
            world -> world.withRepository(null),
            "create repository",
            "set repository policy",
            "copy image",
            "update function code",
            "await function"),
        drift(
            "memory",
            world -> settings(world, 128),
            "update function configuration",
            "await function"),
        drift(
            "function tags",
            world -> world.changingFunction(f -> f.withTags(without(f.tags(), Tags.PROJECT))),
            "tag function"),
        drift(
            "alias moved away",
            world ->
                world.changingFunction(
                    f -> {
                      var versions = new ArrayList<>(f.versions());
                      Version live = versions.getLast();
                      versions.addFirst(Worlds.version(1, live.settings(), digest('b')));
                      return f.withVersions(versions).withAlias(new Alias(1, false));
                    }),
            "probe version",
            "move alias"),
        drift(
            "alias splits traffic",
            world ->
                world.changingFunction(
                    f -> f.withAlias(new Alias(world.liveVersion().orElseThrow(), true))),
            "move alias"),
        drift(
            "last update failed",
            world -> configured(world, State.ACTIVE, LastUpdate.FAILED),
            "update function code",
            "await function"),
        drift(
            "busy",
            world -> configured(world, State.ACTIVE, LastUpdate.IN_PROGRESS),
            "await function"),
        drift(
            "permission gone",
            world ->
                world.changingFunction(
                    f -> f.withPermissions(f.permissions().subList(1, f.permissions().size()))),
            "add permission"),
        drift(
            "permission widened",
            world ->
                world.changingFunction(
                    f -> {
                      var permissions = new ArrayList<>(f.permissions());
                      Permission first = permissions.getFirst();
                      permissions.set(
                          0,
                          new Permission(
                              first.statementId(), first.principal(), first.action(), null));
                      return f.withPermissions(permissions);
                    }),
            "remove permission",
            "add permission"),
        drift(
            "API gone",
            world -> world.withApi(null),
            "create api",
            "create integration",
            "create route",
            "create route",
            "create route",
            "create stage",
            "remove permission",
            "remove permission",
            "remove permission",
            "add permission",
            "add permission",
            "add permission"),
        drift(
            "API renamed and switched off",
            world -> world.changingApi(a -> a.withSettings("other", true)),
            "update api"),
        drift(
            "API tags",
            world -> world.changingApi(a -> a.withTags(without(a.tags(), Tags.FEAST_OWNED))),
            "tag api"),
        drift(
            "integration elsewhere",
            world ->
                api(
                    world,
                    a ->
                        a.withIntegrations(
                            List.of(
                                new Integration(
                                    a.integrations().getFirst().id(),
                                    Integration.LAMBDA_PROXY,
                                    "arn:else",
                                    "2.0")))),
            "update integration"),
        drift(
            "integration gone",
            world -> api(world, a -> a.withIntegrations(List.of())),
            "create integration",
            "update route",
            "update route",
            "update route"),
        drift(
            "second integration",
            world ->
                api(
                    world,
                    a -> {
                      var integrations = new ArrayList<>(a.integrations());
                      integrations.add(
                          new Integration(
                              "second",
                              Integration.LAMBDA_PROXY,
                              integrations.getFirst().uri(),
                              "2.0"));
                      return a.withIntegrations(integrations);
                    }),
            "delete integration"),
        drift(
            "route gone",
            world -> api(world, a -> a.withRoutes(a.routes().subList(1, 3))),
            "create route"),
        drift(
            "route closed",
            world ->
                api(
                    world,
                    a -> {
                      var routes = new ArrayList<>(a.routes());
                      Route first = routes.getFirst();
                      routes.set(0, first.withGuard(Guard.IAM));
                      return a.withRoutes(routes);
                    }),
            "set route authorization"),
        drift(
            "route added",
            world ->
                api(
                    world,
                    a -> {
                      var routes = new ArrayList<>(a.routes());
                      routes.add(
                          new Route("extra", "$default", routes.getFirst().target(), Guard.OPEN));
                      return a.withRoutes(routes);
                    }),
            "delete route"),
        drift(
            "stage not deployed",
            world ->
                api(world, a -> a.withStage(new Stage(DesiredStack.STAGE, false, Map.of(), null))),
            "update stage"),
        drift(
            "a second API of ours", world -> world.withSurplusApis(List.of("twin")), "delete api"));
  }

  /** What callers need is what the plan makes or changes on their way to the alias. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("drifts")
  void tellsWhetherCallersAreServed(
      String name, UnaryOperator<ObservedStack> drift, List<String> actions) {
    boolean misses =
        name.equals("API renamed and switched off")
            || actions.stream()
                .anyMatch(
                    action ->
                        action.matches(
                            "create (function|alias|api|integration|route|stage)"
                                + "|update (integration|route)|set route authorization"
                                + "|add permission"));

    assertThat(desired().isServedBy(drift.apply(complete(desired())))).isEqualTo(!misses);
  }

  @Test
  void rollsOutCodeAndSettingsOneAfterTheOther() {
    DesiredStack next = desired(digest('b'), 1024, Map.of("A", "b"), Map.of("team", "ml"));

    assertThat(actions(planner.plan(next, withoutImage(complete(desired())))))
        .containsExactly(
            "copy image",
            "update function code",
            "await function",
            "update function configuration",
            "await function",
            "publish version",
            "probe version",
            "move alias",
            "tag repository",
            "tag function",
            "tag api");
  }

  @Test
  void waitsBeforeItTouchesABusyFunction() {
    ObservedStack pending = configured(complete(desired()), State.PENDING, LastUpdate.SUCCESSFUL);

    Plan plan = planner.plan(desired(DIGEST, 1024, Map.of(), Map.of()), pending);

    assertThat(actions(plan)).startsWith("await function");
  }

  @Test
  void makesAFunctionThatFailedAtCreationAnew() {
    ObservedStack failed =
        configured(complete(desired()), State.FAILED, LastUpdate.FAILED)
            .changingFunction(f -> f.withVersions(List.of()).withAlias(null));

    Plan plan = planner.plan(desired(), failed.withApi(null));

    assertThat(plan.steps())
        .anySatisfy(step -> assertThat(step).isInstanceOf(Step.DeleteFunction.class))
        .anySatisfy(step -> assertThat(step).isInstanceOf(Step.CreateFunction.class));
    assertThat(actions(plan).indexOf("delete function"))
        .isLessThan(actions(plan).indexOf("create function"));
  }

  /** Its $LATEST failed, its versions serve: deleting it would take the endpoint down. */
  @Test
  void neverDeletesAFunctionThatServes() {
    ObservedStack failed = configured(complete(desired()), State.FAILED, LastUpdate.SUCCESSFUL);

    assertThat(actions(planner.plan(desired(), failed)))
        .containsExactly("update function code", "await function");
    assertThat(actions(planner.plan(desired(DIGEST, 1024, env(), Map.of()), failed)))
        .startsWith("update function code", "await function", "update function configuration")
        .doesNotContain("delete function");
  }

  /** The digests are the same, the repositories are not: live traffic runs from ours. */
  @Test
  void keepsItsRepositoryUntilNoVersionRunsFromItAnyMore() {
    DesiredStack inPlace = desired(new DesiredImage.InPlace("registry/theirs", DIGEST), 512);
    ObservedStack world = complete(desired());

    assertThat(actions(planner.plan(inPlace, world)))
        .containsExactly(
            "update function code",
            "await function",
            "publish version",
            "probe version",
            "move alias");
    ObservedStack moved = new SimulatedAws(inPlace, world).settle();
    assertThat(moved.repository()).isNotNull(); // The version that served before runs from it.
    ObservedStack next =
        new SimulatedAws(desired(new DesiredImage.InPlace("registry/theirs", DIGEST), 1024), moved)
            .settle();
    assertThat(next.repository()).isNull();
  }

  /** The same the other way round: what serves must not stay on a repository of others. */
  @Test
  void leavesTheRepositoryOfOthersForItsOwnCopyOfTheSameDigest() {
    DesiredStack inPlace = desired(new DesiredImage.InPlace("registry/theirs", DIGEST), 512);
    ObservedStack world = complete(inPlace);

    ObservedStack settled = new SimulatedAws(desired(), world).settle();

    long live = settled.liveVersion().orElseThrow();
    assertThat(settled.requireFunction().versions())
        .filteredOn(version -> version.number() == live)
        .singleElement()
        .satisfies(
            version ->
                assertThat(version.image())
                    .isEqualTo(settled.requireRepository().uri() + "@" + DIGEST));
  }

  @Test
  void repairsWhatServesBeforeItTriesANewVersion() {
    DesiredStack next = desired(DIGEST, 1024, Map.of(), Map.of());
    ObservedStack broken = api(complete(desired()), a -> a.withRoutes(a.routes().subList(1, 3)));

    List<String> actions = actions(planner.plan(next, broken));

    assertThat(actions).startsWith("create route").endsWith("probe version", "move alias");
  }

  @Test
  void keepsTheVersionThatServedBeforeAndNoOlderOne() {
    DesiredStack first = desired(DIGEST, 256, Map.of(), Map.of());
    DesiredStack second = desired(DIGEST, 512, Map.of(), Map.of());
    DesiredStack third = desired(DIGEST, 1024, Map.of(), Map.of());
    ObservedStack world = complete(first);
    world = new SimulatedAws(second, world).settle();
    long before = world.liveVersion().orElseThrow();

    world = new SimulatedAws(third, world).settle();

    assertThat(world.requireFunction().versions()).hasSize(2);
    assertThat(world.requireFunction().versions().getFirst().number()).isEqualTo(before);
  }

  @Test
  void keepsAsManyFormerVersionsAsTheSpecSays() {
    ObservedStack world = ObservedStack.EMPTY;
    for (int memory = 256; memory <= 1024; memory += 128) {
      world = new SimulatedAws(keeping(3, memory), world).settle();
    }
    List<Long> versions = numbers(world);
    assertThat(versions).hasSize(4).endsWith(world.liveVersion().orElseThrow());

    world = new SimulatedAws(keeping(2, 1024), world).settle();

    assertThat(numbers(world)).isEqualTo(versions.subList(1, 4));
  }

  /** Somebody moved the alias back: what lies between did not fail its probe. */
  @Test
  void movesTheAliasForwardAgainAndLosesNoVersionOverIt() {
    ObservedStack world = ObservedStack.EMPTY;
    for (int memory = 256; memory <= 640; memory += 128) {
      world = new SimulatedAws(keeping(3, memory), world).settle();
    }
    List<Long> versions = numbers(world);
    ObservedStack moved =
        world
            .havingServed(versions.getLast())
            .changingFunction(f -> f.withAlias(new Alias(versions.getFirst(), false)));

    var simulated = new SimulatedAws(keeping(3, 640), moved);
    ObservedStack settled = simulated.settle();

    assertThat(settled.liveVersion()).contains(versions.getLast());
    assertThat(numbers(settled)).isEqualTo(versions);
    assertThat(simulated.applied()).noneMatch(step -> step instanceof Step.DeleteVersion);
  }

  @Test
  void removesAnImageOnceNoVersionThatIsKeptRunsFromIt() {
    ObservedStack world = ObservedStack.EMPTY;
    for (char letter = 'a'; letter <= 'c'; letter++) {
      world = new SimulatedAws(desired(digest(letter), 512, env(), Map.of()), world).settle();
    }

    assertThat(digests(world)).containsExactly(digest('b'), digest('c'));
  }

  @Test
  void keepsImagesThatSomebodyTagged() {
    ObservedStack world =
        complete(desired())
            .changingRepository(
                r ->
                    r.withImages(
                        List.of(
                            new StoredImage(DIGEST, false),
                            new StoredImage(digest('d'), true),
                            new StoredImage(digest('e'), false))));

    Plan plan = planner.plan(desired(), world);

    assertThat(plan.steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Step.DeleteImages.class,
            step -> assertThat(step.digests()).containsExactly(digest('e')));
    assertThat(plan.unnoticed()).containsAll(plan.steps());
  }

  /** It is Lambda's to say what the function runs from. */
  @Test
  void removesNoImageWhileLambdaDoesNotTellWhatItRunsFrom() {
    ObservedStack world =
        complete(desired())
            .changingRepository(r -> r.withImage(digest('e')))
            .changingFunction(
                f ->
                    f.withConfiguration(
                        SimulatedAws.configuration(
                            desired().function(), "", State.PENDING, LastUpdate.IN_PROGRESS)));

    assertThat(planner.plan(desired(), world).steps())
        .noneMatch(step -> step instanceof Step.DeleteImages);
  }

  @Test
  void givesTheTrafficUnprobedButNotUnpreparedWhereTheSpecSaysDirect() {
    DesiredStack direct = desired(new DesiredRollout(false, null, 1), 1024);

    assertThat(actions(planner.plan(direct, complete(desired()))))
        .containsExactly(
            "update function configuration",
            "await function",
            "publish version",
            "await version",
            "move alias");
    assertThat(actions(planner.plan(direct, ObservedStack.EMPTY)))
        .contains("await version")
        .doesNotContain("probe version");
  }

  private static DesiredStack keeping(int versions, int memory) {
    return desired(new DesiredRollout(true, null, versions), memory);
  }

  private static List<Long> numbers(ObservedStack world) {
    return world.requireFunction().versions().stream().map(Version::number).toList();
  }

  private static List<String> digests(ObservedStack world) {
    return world.requireRepository().images().stream().map(StoredImage::digest).toList();
  }

  @Test
  void removesFailedVersionsBeforeTheAliasMovesPastThem() {
    ObservedStack world = complete(desired());
    long live = world.liveVersion().orElseThrow();
    Version good = world.requireFunction().versions().getLast();
    ObservedStack withFailed =
        world.changingFunction(
            f ->
                f.withVersions(
                    List.of(
                        good,
                        Worlds.version(live + 1, good.settings(), digest('c')),
                        Worlds.version(live + 2, good.settings(), digest('b')))));

    var simulated = new SimulatedAws(desired(digest('b'), 512, env(), Map.of()), withFailed);
    simulated.settle();

    assertThat(simulated.now().requireFunction().versions())
        .extracting(Version::number)
        .containsExactly(live, live + 2);
    assertThat(simulated.applied().stream().map(Step::action).toList())
        .containsSubsequence("delete version", "move alias");
  }

  /** An alias of somebody else's may hold one of them for ever. */
  @Test
  void keepsNothingWaitingForAVersionThatCannotBeDeleted() {
    ObservedStack world = complete(desired());
    long live = world.liveVersion().orElseThrow();
    Version good = world.requireFunction().versions().getLast();
    ObservedStack held =
        world.changingFunction(
            f ->
                f.withVersions(
                    List.of(
                        Worlds.version(live - 2, good.settings(), digest('d')),
                        Worlds.version(live - 1, good.settings(), digest('e')),
                        good,
                        Worlds.version(live + 1, good.settings(), digest('c')))));

    Plan plan = planner.plan(desired(digest('b'), 512, env(), Map.of()), held);

    assertThat(plan.steps()).filteredOn(step -> step instanceof Step.DeleteVersion).hasSize(2);
    assertThat(plan.unnoticed())
        .containsAll(
            plan.steps().stream().filter(step -> step instanceof Step.DeleteVersion).toList());
    assertThat(actions(plan)).containsSubsequence("delete version", "move alias", "delete version");
  }

  @Test
  void goesBackToTheLiveVersionWithoutANewOne() {
    ObservedStack world = settings(complete(desired()), 1024);

    assertThat(actions(planner.plan(desired(), world)))
        .containsExactly("update function configuration", "await function");
  }

  @Test
  void keepsPermissionsAndPolicyStatementsOfOthers() {
    PolicyStatement theirs =
        PolicyStatement.parse("{\"Statement\":[{\"Sid\":\"Backup\",\"Effect\":\"Allow\"}]}")
            .iterator()
            .next();
    ObservedStack world =
        complete(desired())
            .changingRepository(r -> r.withStatements(Set.of(theirs)))
            .changingFunction(
                f -> {
                  var permissions = new ArrayList<>(f.permissions());
                  permissions.add(new Permission("auditor", "123", "lambda:InvokeFunction", null));
                  return f.withPermissions(permissions);
                });

    Plan plan = planner.plan(desired(), world);

    assertThat(plan.steps()).singleElement().isInstanceOf(Step.SetRepositoryPolicy.class);
    assertThat(((Step.SetRepositoryPolicy) plan.steps().getFirst()).statements())
        .contains(theirs)
        .hasSize(2);
  }

  @Test
  void removesTheEndpointFirstAndTheRepositoryLast() {
    ObservedStack world = complete(desired()).withSurplusApis(List.of("twin"));

    assertThat(actions(planner.planRemoval(world, "deleted")))
        .containsExactly("delete api", "delete api", "delete function", "delete repository");
    assertThat(planner.planRemoval(ObservedStack.EMPTY, "deleted").steps()).isEmpty();
  }

  @Test
  void namesNoValueOfTheEnvironment() {
    DesiredStack next = desired(DIGEST, 512, Map.of("TOKEN", "hunter2"), Map.of());

    Plan plan = planner.plan(next, complete(desired()));

    assertThat(plan.toString()).contains("environment").doesNotContain("TOKEN", "hunter2");
    assertThat(next.toString()).doesNotContain("hunter2");
  }

  private static Map<String, String> env() {
    return Map.of("FEATURE_STORE_YAML_BASE64", "eA==");
  }

  private static Arguments drift(
      String what, UnaryOperator<ObservedStack> drift, String... expected) {
    return Arguments.of(what, drift, List.of(expected));
  }

  private static ObservedStack api(ObservedStack world, UnaryOperator<Api> change) {
    return world.changingApi(change);
  }

  private static ObservedStack settings(ObservedStack world, int memory) {
    return world.changingFunction(
        f -> {
          FunctionConfiguration found = f.configuration();
          return f.withConfiguration(
              SimulatedAws.configuration(
                  desired(DIGEST, memory, env(), Map.of()).function(),
                  found.image(),
                  State.ACTIVE,
                  LastUpdate.SUCCESSFUL));
        });
  }

  private static ObservedStack configured(ObservedStack world, State state, LastUpdate update) {
    return world.changingFunction(
        f ->
            f.withConfiguration(
                SimulatedAws.configuration(
                    desired().function(), f.configuration().image(), state, update)));
  }

  private static ObservedStack withoutImage(ObservedStack world) {
    return world.changingRepository(r -> r.withImages(List.of()));
  }

  private static Map<String, String> without(Map<String, String> tags, String key) {
    var rest = new TreeMap<>(tags);
    rest.remove(key);
    return rest;
  }
}
