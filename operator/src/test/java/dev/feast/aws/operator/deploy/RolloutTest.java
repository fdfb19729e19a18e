package dev.feast.aws.operator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionConfiguration.LastUpdate;
import dev.feast.aws.operator.model.FunctionConfiguration.State;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.ObservedStack;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final Rollout rollout = new Rollout(Pace.PRODUCTION, () -> NOW);

  @Test
  void triesAFailureAgainOnceItIsAMinuteOld() {
    assertThat(again(NOW.minusSeconds(20)))
        .isInstanceOfSatisfying(
            Applied.NotYet.class,
            notYet -> assertThat(notYet.blocked().retryAfter()).hasSeconds(40));
    assertThat(again(NOW.minusSeconds(60))).isInstanceOf(Applied.Done.class);
  }

  /** Else it would be tried again in a minute, for ever. */
  @Test
  void triesAFailureAgainThatLambdaGivesNoReadableTimeOf() {
    assertThat(again(null)).isInstanceOf(Applied.Done.class);
  }

  @Test
  void sendsNobodyToDeleteAFunctionThatServes() {
    assertThat(stuck(true))
        .isEqualTo(
            "Lambda is still updating it for 11 minutes now; it usually takes less than two (Lambda"
                + " says: SubnetOutOfIPAddresses). The former version keeps serving.");
    assertThat(stuck(false)).endsWith("delete the function in AWS and it will be made again.");
  }

  private String stuck(boolean serves) {
    var configuration =
        new FunctionConfiguration(
            new FunctionSettings("role", 512, 30, Environment.NONE, ""),
            "",
            "x86_64",
            State.PENDING,
            "SubnetOutOfIPAddresses",
            LastUpdate.IN_PROGRESS,
            "",
            NOW.minusSeconds(11 * 60));
    return ((Applied.NotYet) rollout.awaiting(configuration, serves, "Lambda is still updating it"))
        .blocked()
        .message();
  }

  private Applied again(@Nullable Instant modified) {
    return rollout.orLater(modified, "it failed", () -> ObservedStack.EMPTY);
  }
}
