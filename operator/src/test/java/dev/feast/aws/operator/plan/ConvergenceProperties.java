package dev.feast.aws.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.Capacity;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.model.DesiredRollout;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.DesiredStack.DesiredImage;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.StoredImage;
import dev.feast.aws.operator.model.ObservedStack.Version;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Laws of the planner over a world that refuses what AWS would refuse. */
class ConvergenceProperties {

  /**
   * Specs that follow each other, each left after some steps or none: a death at any point, an edit
   * at any time.
   */
  @Property(tries = 300)
  void convergesFromWhereverAnotherPassWasLeft(
      @ForAll("specs") List<DesiredStack> specs, @ForAll("stops") List<Integer> stops) {
    ObservedStack world = ObservedStack.EMPTY;
    int lastVersion = 0;
    for (int i = 0; i < specs.size(); i++) {
      var aws = new SimulatedAws(specs.get(i), forgettingProbes(world), lastVersion);
      for (int step = 0; step < stops.get(i % stops.size()); step++) {
        Plan plan = new Planner().plan(specs.get(i), aws.now());
        if (plan.isEmpty()) {
          break;
        }
        aws.apply(plan.steps().getFirst());
      }
      world = aws.now();
      lastVersion = aws.lastId();
    }
    DesiredStack last = specs.getLast();

    ObservedStack settled = new SimulatedAws(last, forgettingProbes(world), lastVersion).settle();

    assertThat(new Planner().plan(last, settled).steps()).isEmpty();
    assertThat(new Planner().plan(last, forgettingProbes(settled)).steps()).isEmpty();
    assertThat(settled.requireFunction().versions())
        .hasSizeLessThanOrEqualTo(last.rollout().keepVersions() + 1);
    assertThat(images(settled)).isSubsetOf(used(last, settled));
    assertThat(settled.requireApi().integrations()).hasSize(1);
    assertThat(settled.requireApi().authorizers())
        .hasSize(last.access() instanceof Access.ByJwt ? 1 : 0);
    assertThat(settled.requireApi().routes())
        .hasSize(3)
        .allSatisfy(route -> assertThat(last.guard(settled.requireApi())).contains(route.guard()));
    assertThat(settled.requireFunction().concurrency().reserved())
        .isEqualTo(last.capacity().reserved());
    assertThat(settled.requireFunction().concurrency().provisioned())
        .extracting(ObservedStack.Provisioned::requested)
        .containsExactlyElementsOf(
            last.capacity().provisioned() == 0
                ? List.of()
                : List.of(last.capacity().provisioned()));
  }

  @Property(tries = 100)
  void leavesNothingBehind(
      @ForAll("specs") List<DesiredStack> specs, @ForAll("stops") List<Integer> stops) {
    DesiredStack desired = specs.getFirst();
    var aws = new SimulatedAws(desired, ObservedStack.EMPTY, 0);
    for (int step = 0; step < stops.getFirst(); step++) {
      Plan plan = new Planner().plan(desired, aws.now());
      if (plan.isEmpty()) {
        break;
      }
      aws.apply(plan.steps().getFirst());
    }

    new Planner().planRemoval(aws.now(), "deleted").steps().forEach(aws::apply);

    assertThat(aws.now().isEmpty()).isTrue();
  }

  @Provide
  Arbitrary<List<DesiredStack>> specs() {
    // The same digest copied and in place, in two repositories of others.
    Arbitrary<DesiredImage> images =
        Combinators.combine(
                Arbitraries.of('a', 'b', 'c').map(Worlds::digest),
                Arbitraries.of("", "registry/theirs", "registry/others"))
            .as(
                (digest, elsewhere) ->
                    elsewhere.isEmpty()
                        ? new DesiredImage.Copied(digest)
                        : new DesiredImage.InPlace(elsewhere, digest));
    Arbitrary<Integer> memories = Arbitraries.of(256, 512, 1024);
    Arbitrary<Map<String, String>> environments =
        Arbitraries.of(Map.of(), Map.of("A", "1"), Map.of("A", "2", "B", "3"));
    Arbitrary<Map<String, String>> tags =
        Arbitraries.of(Map.of(), Map.of("team", "ml"), Map.of("team", "x", "cost", "1"));
    Arbitrary<DesiredRollout> rollouts =
        Combinators.combine(Arbitraries.of(true, false), Arbitraries.integers().between(1, 3))
            .as((probed, kept) -> new DesiredRollout(probed, null, kept));
    Arbitrary<Capacity> capacities =
        Arbitraries.of(
            Capacity.ON_DEMAND,
            new Capacity(4, 0),
            new Capacity(null, 3),
            new Capacity(4, 2),
            new Capacity(20, 10));
    Arbitrary<Integer> retentions = Arbitraries.of(7, 30).injectNull(0.4);
    Arbitrary<DesiredEndpoint> endpoints =
        Combinators.combine(
                Arbitraries.of(Endpoints.ACCESS),
                Arbitraries.of(Endpoints.CORS).injectNull(0.5),
                Arbitraries.of(Endpoints.THROTTLES).injectNull(0.5),
                Arbitraries.of(Endpoints.LOGS).injectNull(0.5))
            .as(DesiredEndpoint::new);
    Arbitrary<DesiredStack> stacks =
        Combinators.combine(images, memories, environments, tags, rollouts, capacities, retentions)
            .as(Worlds::desired);
    return Combinators.combine(stacks, endpoints)
        .as(Worlds::desired)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<List<Integer>> stops() {
    return Arbitraries.integers().between(0, 30).list().ofMinSize(1).ofMaxSize(6);
  }

  private static Set<String> images(ObservedStack world) {
    return world.repository() == null
        ? Set.of()
        : world.repository().images().stream().map(StoredImage::digest).collect(Collectors.toSet());
  }

  private static Set<String> used(DesiredStack desired, ObservedStack world) {
    return Stream.concat(
            Stream.of(desired.image().digest()),
            world.requireFunction().versions().stream().map(Version::digest))
        .collect(Collectors.toSet());
  }

  /** A new pass knows of no probe. */
  private static ObservedStack forgettingProbes(ObservedStack world) {
    return world.function() == null ? world : world.changingFunction(f -> f.withVerified(0));
  }
}
