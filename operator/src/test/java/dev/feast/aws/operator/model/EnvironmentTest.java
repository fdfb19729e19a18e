package dev.feast.aws.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void masksAValueHoweverATextHoldsIt() {
    var environment =
        Environment.of(Map.of("A", "pass\"word", "B", "-----KEY\nline2\n", "C", "no"));

    assertThat(environment.masking("pass\"word {\"a\":\"pass\\\"word\"} no"))
        .isEqualTo("*** {\"a\":\"***\"} no");
    assertThat(environment.masking("it is -----KEY\nline2\n.")).isEqualTo("it is ***.");
    assertThat(environment.masking("{\"b\":\"-----KEY\\nline2\\n\"}")).isEqualTo("{\"b\":\"***\"}");
    assertThat(environment.masking("cut in between: line2")).isEqualTo("cut in between: ***");
  }
}
