package dev.feast.aws.runtime.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProjectionTest {

  @Test
  void asksForKeyTimeAndTheWantedFeaturesByPlaceholders() {
    Projection projection = Projection.of(new LinkedHashSet<>(List.of("conv_rate", "values")));
    assertThat(projection.expression()).isEqualTo("#k,#t,#v.#f0,#v.#f1");
    assertThat(projection.names())
        .containsEntry("#k", "entity_id")
        .containsEntry("#t", "event_ts")
        .containsEntry("#v", "values")
        .containsEntry("#f0", "conv_rate")
        .containsEntry("#f1", "values")
        .hasSize(5);
  }

  @Test
  void asksForAllFeaturesWhereTheExpressionWouldPassFourKilobytes() {
    Set<String> features =
        IntStream.range(0, 1000).mapToObj(i -> "feature" + i).collect(Collectors.toSet());
    assertThat(Projection.of(features).expression()).isEqualTo("#k,#t,#v");
    assertThat(Projection.of(features).names()).containsOnlyKeys("#k", "#t", "#v");
  }

  @Test
  void neverPassesFourKilobytes() {
    for (int count = 1; count < 600; count++) {
      Set<String> features =
          IntStream.range(0, count).mapToObj(i -> "f" + i).collect(Collectors.toSet());
      assertThat(Projection.of(features).expression().length()).isLessThanOrEqualTo(4096);
    }
  }

  @Test
  void asksForAllFeaturesWhereANameIsTooLongForAnExpression() {
    assertThat(Projection.of(Set.of("f".repeat(256))).expression()).isEqualTo("#k,#t,#v");
  }
}
