package dev.feast.aws.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.RolloutSpec;
import dev.feast.aws.operator.model.DesiredRollout;
import dev.feast.aws.operator.model.ProbeLookup;
import dev.feast.aws.operator.validation.Problem.Reason;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutChecksTest {
  private static final String REQUEST = "{features: ['v:f'], entities: {id: [1]}}";

  private final List<Problem> problems = new ArrayList<>();

  @Test
  void probesByDefaultAndKeepsTheVersionThatServedBefore() {
    assertThat(rollout("{}")).isEqualTo(new DesiredRollout(true, null, 1));
    assertThat(rollout("{strategy: Direct, keepVersions: 3}"))
        .isEqualTo(new DesiredRollout(false, null, 3));
  }

  @Test
  void asksWhatTheSpecSaysWhereItSays() {
    DesiredRollout rollout =
        rollout(
            "{probe: {path: /v2/get-online-features, request: %s, expect: {results: []}}}"
                .formatted(REQUEST));

    assertThat(problems).isEmpty();
    ProbeLookup lookup = Objects.requireNonNull(Objects.requireNonNull(rollout).lookup());
    assertThat(lookup.route().key()).isEqualTo("POST /v2/get-online-features");
    assertThat(lookup.request()).isEqualTo("{\"features\":[\"v:f\"],\"entities\":{\"id\":[1]}}");
    assertThat(lookup.expected()).hasToString("{\"results\":[]}");
    assertThat(rollout.toString()).doesNotContain("v:f");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {strategy: Direct, probe: {request: {feature_service: s, entities: {}}}} | spec.rollout.probe: | Direct would skip it
          {probe: {path: /health, request: {feature_service: s, entities: {}}}}    | spec.rollout.probe.path: | /health
          {probe: {}}                                            | spec.rollout.probe.request: | body of a lookup
          {probe: {request: [1]}}                                | spec.rollout.probe.request: | body of a lookup
          {probe: {request: {entities: {}}}}                     | spec.rollout.probe.request: | features or feature_service
          {probe: {request: {features: [], feature_service: s, entities: {}}}} | spec.rollout.probe.request: | either
          {probe: {request: {features: ['v:f'], entities: [1]}}} | spec.rollout.probe.request.entities: | join key
          {probe: {request: {features: ['v:f'], entities: {}}, expect: 200}} | spec.rollout.probe.expect: | object
          """)
  void refusesWhatNoVersionCouldBeAsked(String spec, String key, String said) {
    assertThat(rollout(spec)).isNull();

    assertThat(problems).singleElement().extracting(Problem::reason).isEqualTo(Reason.InvalidProbe);
    assertThat(problems.getFirst().text()).startsWith(key).contains(said);
  }

  @Test
  void refusesWhatIsNestedTooDeepToBeWrittenOut() {
    String deep = "{a: ".repeat(200) + "1" + "}".repeat(200);

    rollout("{probe: {request: {features: ['v:f'], entities: {id: [%s]}}}}".formatted(deep));

    assertThat(problems).singleElement().extracting(Problem::text).asString().contains("50 levels");
  }

  private @Nullable DesiredRollout rollout(String yaml) {
    return new RolloutChecks(problems)
        .rollout(new KubernetesSerialization().unmarshal("--- " + yaml, RolloutSpec.class));
  }
}
