package dev.feast.aws.operator.plan;

import static dev.feast.aws.operator.plan.Worlds.actions;
import static dev.feast.aws.operator.plan.Worlds.desired;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.Claim;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Former;
import dev.feast.aws.operator.model.Former.Remains;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Integration;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Stage;
import dev.feast.aws.operator.model.Tags;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order in which another's API becomes ours, and what is left behind it goes. */
class AdoptionPlannerTest {
  private static final String FORMER = "feast-python-server-dev-0_14_1";
  private static final String LAMBDA = "arn:aws:lambda:us-west-2:123456789012:function:" + FORMER;

  private final DesiredStack desired = desired();

  private ObservedStack claiming(Former former) {
    var api =
        new Api(
            "alpha1",
            FORMER,
            "http://endpoint",
            Map.of("feast-owned", "True", "project", "dev", "feast-sdk-version", "0.14.1"),
            false,
            null,
            List.of(),
            List.of(new Integration("int1", Integration.LAMBDA_PROXY, LAMBDA, "2.0")),
            List.of(
                new Route("route1", "POST /get-online-features", "integrations/int1", Guard.OPEN)),
            Stage.deploying(DesiredStack.STAGE));
    Remains repository = former.repository();
    return ObservedStack.EMPTY.withClaim(
        new Claim(
            api,
            Tags.claiming(
                desired.tags(),
                api.tags(),
                new Adoption.OfAlpha(null),
                former.function().name(),
                repository == null ? null : repository.name()),
            former,
            "it carries no tags of this operator"));
  }

  private List<String> settled(Remains function, @Nullable Remains repository) {
    var aws = new SimulatedAws(desired, claiming(new Former(function, repository, false, false)));
    ObservedStack end = aws.settle();
    assertThat(end.former()).isNull();
    assertThat(end.claim()).isNull();
    assertThat(end.requireApi().id()).isEqualTo("alpha1");
    assertThat(end.requireApi().name()).isEqualTo(desired.name());
    assertThat(end.requireApi().tags()).doesNotContainKeys(Tags.ADOPTED, Tags.ADOPTED_REPOSITORY);
    assertThat(desired.isServedBy(end)).isTrue();
    return aws.applied().stream().map(Step::action).toList();
  }

  /** The function may answer before the API leads to it; what did before goes after that. */
  @Test
  void claimsFirstAndRemovesLast() {
    List<String> actions = settled(Remains.toRemove(FORMER), Remains.toRemove(FORMER));

    assertThat(actions).startsWith("claim api").doesNotContain("create api", "create stage");
    assertThat(actions)
        .containsSubsequence(
            "probe version",
            "create alias",
            "add permission",
            "await permissions",
            "update integration",
            "create route",
            "await replacement",
            "delete former function",
            "delete former repository",
            "end adoption");
    assertThat(actions.lastIndexOf("add permission"))
        .isLessThan(actions.indexOf("update integration"));
    assertThat(actions.getLast()).isEqualTo("update api");
  }

  @Test
  void removesOnlyWhatIsThereAndTheFormerOwners() {
    assertThat(settled(Remains.gone(FORMER), null))
        .contains("end adoption")
        .doesNotContain("delete former function", "delete former repository");
    assertThat(
            settled(
                Remains.kept(FORMER, "its tags are others"),
                Remains.kept("feast-python-server", "others need it")))
        .contains("end adoption")
        .doesNotContain("delete former function", "delete former repository");
  }

  /** While the one before has not gone: a step that AWS refuses may not be passed over. */
  @Test
  void foreseesNoStepBehindOneThatHasToComeBefore() {
    var aws =
        new SimulatedAws(
            desired,
            claiming(new Former(Remains.toRemove(FORMER), Remains.toRemove(FORMER), false, false)));
    ObservedStack serving = aws.settle();
    ObservedStack unfinished =
        serving.withFormer(
            new Former(Remains.toRemove(FORMER), Remains.toRemove(FORMER), true, true));

    Plan plan = new Planner().plan(desired, unfinished);

    assertThat(actions(plan)).containsExactly("delete former function");
    assertThat(plan.unnoticed()).containsExactlyElementsOf(plan.steps());
  }
}
