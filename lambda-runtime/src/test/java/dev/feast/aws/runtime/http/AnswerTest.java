package dev.feast.aws.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

  /** The body's own two quotes and every quote or backslash in it cost twice. */
  @ParameterizedTest
  @CsvSource({
    "a, 6291452, true",
    "a, 6291453, false",
    "ü, 3145726, true",
    "ü, 3145727, false",
    "'\"', 1572863, true",
    "'\"', 1572864, false",
    "\\, 1572863, true",
    "\\, 1572864, false",
  })
  void isNoLongerThanLambdaTakesIt(String content, int times, boolean fits) {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> Answer.ok(json -> json.writeString(content.repeat(times))));
    assertThat(refusal == null).isEqualTo(fits);
    if (refusal != null) {
      assertThat(refusal.code()).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
      assertThat(refusal.detail()).contains("6291456 bytes");
    }
  }

  /** Whatever would come, no more than the limit is ever held. */
  @Test
  void endsAsSoonAsItIsTooLarge() {
    int[] written = new int[1];
    assertThatThrownBy(
            () ->
                Answer.ok(
                    json -> {
                      json.writeStartArray();
                      while (true) {
                        json.writeString("a".repeat(1_000));
                        written[0]++;
                      }
                    }))
        .isInstanceOf(Refusal.class);
    assertThat(written[0]).isLessThan(6_400);
  }
}
