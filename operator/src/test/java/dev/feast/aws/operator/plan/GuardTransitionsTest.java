package dev.feast.aws.operator.plan;

import static dev.feast.aws.operator.plan.Worlds.complete;
import static dev.feast.aws.operator.plan.Worlds.desired;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever {@code spec.endpoint.authorization} becomes: after no step may somebody ask who may
 * neither before nor after, whichever of the changes of one pass callers meet already, and nobody
 * who may is shut out for longer than the few calls that cannot be one.
 */
class GuardTransitionsTest {

  static Stream<Arguments> transitions() {
    return Endpoints.ACCESS.stream()
        .flatMap(from -> Endpoints.ACCESS.stream().map(to -> Arguments.of(from, to)));
  }

  private static DesiredStack with(Access access) {
    return desired(desired(), DesiredEndpoint.OPEN.with(access));
  }

  /** Who gets through on each route: the word of the route, or of the version behind it. */
  private static Set<String> letThrough(ObservedStack world) {
    boolean keys =
        world.live().map(live -> live.settings().environment().asksForKeys()).orElse(false);
    var kinds = new TreeSet<String>();
    for (Route route : world.requireApi().routes()) {
      Guard guard = route.guard();
      if (!reachesTheAlias(world, route)) {
        kinds.add("nobody");
      } else if (guard.isOpen()) {
        kinds.add(keys ? "APIKey" : "None");
      } else {
        kinds.add(keys ? "nobody" : guard.type() + guard.scopes());
      }
    }
    return kinds;
  }

  private static boolean reachesTheAlias(ObservedStack world, Route route) {
    DesiredStack any = with(new Access.Open());
    return world.live().isPresent()
        && world.requireApi().integrations().stream()
            .anyMatch(found -> any.isRight(found) && found.target().equals(route.target()))
        && world.requireFunction().permissions().stream()
            .anyMatch(
                permission ->
                    permission.sourceArn() != null
                        && permission.sourceArn().endsWith(route.key().split(" ", 2)[1]));
  }

  /** What may have happened to the world in which somebody changes the authorization. */
  static Stream<Arguments> brokenTransitions() {
    return transitions()
        .flatMap(
            pair ->
                Stream.of("alias gone", "led elsewhere, as an API that is adopted")
                    .map(what -> Arguments.of(what, pair.get()[0], pair.get()[1])));
  }

  @ParameterizedTest
  @MethodSource("brokenTransitions")
  void opensTheEndpointToNobodyElseWhereMoreIsToBePutRight(String what, Access from, Access to) {
    ObservedStack before = complete(with(from));
    ObservedStack world =
        what.equals("alias gone")
            ? before.changingFunction(f -> f.withAlias(null).withPermissions(List.of()))
            : before
                .withFunction(complete(with(to)).requireFunction().withPermissions(List.of()))
                .changingApi(
                    api ->
                        api.withIntegrations(
                            api.integrations().stream()
                                .map(
                                    found ->
                                        new Integration(
                                            found.id(), found.type(), "arn:another", "2.0"))
                                .toList()));
    Set<String> meant = new HashSet<>(letThrough(before));
    if (!what.equals("alias gone")) {
      meant.removeAll(Set.of("None", "APIKey")); // Those were let through to another function.
    }
    assertLetsThroughOnTheWay(meant, to, world);
  }

  @ParameterizedTest
  @MethodSource("transitions")
  void opensTheEndpointToNobodyElseOnTheWay(Access from, Access to) {
    ObservedStack before = complete(with(from));
    Set<String> meant = new HashSet<>(letThrough(before));
    assertLetsThroughOnTheWay(meant, to, before);
  }

  /** Those, who is to be let through in the end, or nobody, after whichever step. */
  private static SimulatedAws assertLetsThroughOnTheWay(
      Set<String> meant, Access to, ObservedStack before) {
    Set<String> atLast = letThrough(complete(with(to)));
    meant.addAll(atLast);
    meant.add("nobody");
    var aws = new SimulatedAws(with(to), served(before));
    var pass = new ArrayList<ObservedStack>(List.of(before));
    for (Plan plan = plan(to, aws); !plan.isEmpty(); plan = plan(to, aws)) {
      Step step = plan.steps().getFirst();
      aws.apply(step);
      if (endsThePass(step)) {
        pass.clear();
      }
      pass.add(aws.now());
      assertThat(mayBeLetThrough(pass)).as("after " + step).isSubsetOf(meant);
    }
    assertThat(letThrough(aws.now())).isEqualTo(atLast);
    return aws;
  }

  /**
   * API Gateway deploys what was changed of an API, and Lambda a moved alias, a moment after the
   * call, each in its order: until the pass ends, callers may meet any of what there was in it.
   */
  private static Set<String> mayBeLetThrough(List<ObservedStack> pass) {
    var kinds = new TreeSet<String>();
    for (ObservedStack deployed : pass) {
      for (ObservedStack live : pass) {
        kinds.addAll(
            letThrough(
                pass.getLast()
                    .withApi(deployed.requireApi())
                    .changingFunction(f -> f.withAlias(live.requireFunction().alias()))));
      }
    }
    return kinds;
  }

  private static boolean endsThePass(Step step) {
    return step instanceof Step.AwaitRoutes
        || step instanceof Step.AwaitTraffic
        || step instanceof Step.AwaitPermissions;
  }

  private static ObservedStack served(ObservedStack world) {
    return world.changingFunction(f -> f.withServed(world.liveVersion().orElse(f.served())));
  }

  @ParameterizedTest
  @MethodSource("transitions")
  void shutsEverybodyOutRightBeforeTheAliasMovesAtMost(Access from, Access to) {
    var aws = new SimulatedAws(with(to), served(complete(with(from))));
    List<Step> whileNobodyMayAsk = new ArrayList<>();

    for (Plan plan = plan(to, aws); !plan.isEmpty(); plan = plan(to, aws)) {
      Step next = plan.steps().getFirst();
      if (letThrough(aws.now()).contains("nobody")) {
        whileNobodyMayAsk.add(next);
      }
      aws.apply(next);
    }

    assertThat(whileNobodyMayAsk)
        .allSatisfy(
            step ->
                assertThat(step)
                    .isInstanceOfAny(
                        Step.SetRouteAuthorization.class,
                        Step.AwaitRoutes.class,
                        Step.MoveAlias.class,
                        Step.AwaitTraffic.class));
  }

  /** A rollout may fail: until then those who may ask now go on. */
  @ParameterizedTest
  @MethodSource("transitions")
  void keepsServingWhileTheNextVersionHasNotPassedItsProbe(Access from, Access to) {
    var aws = new SimulatedAws(with(to), complete(with(from)));

    for (Plan plan = plan(to, aws); !plan.isEmpty(); plan = plan(to, aws)) {
      Step next = plan.steps().getFirst();
      if (next instanceof Step.ProbeVersion) {
        assertThat(with(to).isServedBy(aws.now())).isTrue();
        assertThat(letThrough(aws.now())).doesNotContain("nobody");
      }
      aws.apply(next);
    }
  }

  /** Whatever was lost meanwhile: a route is never made open where the version asks for no key. */
  @Test
  void makesALostRouteOfAnEndpointThatIsToAskForKeysOnlyOnceItDoes() {
    Access keys = Endpoints.ACCESS.get(1);
    ObservedStack before =
        complete(with(new Access.ByIam()))
            .changingApi(api -> api.withRoutes(api.routes().subList(0, 1)));

    var aws = assertLetsThroughOnTheWay(new HashSet<>(Set.of("AWS_IAM[]")), keys, before);

    assertThat(aws.now().requireApi().routes()).hasSize(3);
  }

  @Test
  void makesRoutesClosedFromTheStartAndTheirAuthorizerBefore() {
    Access jwt = Endpoints.ACCESS.getLast();
    List<String> steps = Worlds.actions(new Planner().plan(with(jwt), ObservedStack.EMPTY));

    assertThat(steps).containsSubsequence("create authorizer", "create route", "create stage");
    assertThat(steps).doesNotContain("set route authorization");
    assertThat(complete(with(jwt)).requireApi().routes())
        .allSatisfy(route -> assertThat(route.guard().isJwt()).isTrue());
  }

  private static Plan plan(Access to, SimulatedAws aws) {
    return new Planner().plan(with(to), aws.now());
  }
}
