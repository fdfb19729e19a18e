package dev.feast.aws.operator.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesEventsTest {

  /** Kubernetes counts a note's bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "\u00e4", "\u20ac", "\ud83d\ude00"})
  void cutsANoteWhereItsBytesEndAndNoCharacterInTwo(String character) {
    int bytes = character.getBytes(UTF_8).length;

    String note = KubernetesEvents.fitting(character.repeat(2_000));

    assertThat(note).isEqualTo(character.repeat(1_024 / bytes));
  }

  @Test
  void leavesANoteThatFitsAsItIs() {
    assertThat(KubernetesEvents.fitting("\u20ac".repeat(341))).isEqualTo("\u20ac".repeat(341));
  }
}
