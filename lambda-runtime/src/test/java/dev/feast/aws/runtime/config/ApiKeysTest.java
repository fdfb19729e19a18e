package dev.feast.aws.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {

  /** What {@code printf abc | sha256sum} prints. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  /** Of "old". */
  private static final String OLD =
      "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4";

  @Test
  void needsNoKeyWhereNoneIsSet() throws ConfigException {
    assertThat(ApiKeys.of(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "old"})
  void acceptsEachOfSeveralKeys(String key) throws ConfigException {
    assertThat(keys(ABC + "," + OLD).orElseThrow().accept(key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ABC", "abc ", "abd", ABC})
  void acceptsNothingElse(String key) throws ConfigException {
    assertThat(keys(ABC).orElseThrow().accept(key)).isFalse();
  }

  /** Never open by mistake. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "secret-key-of-somebody",
        ABC + ",",
        "," + ABC,
        ABC + ", " + OLD,
        ABC + "\n",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
      })
  void refusesWhatIsNoListOfDigests(String text) {
    assertThatThrownBy(() -> keys(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("FEATURE_SERVER_API_KEY_SHA256 is set")
        .hasMessageContaining("64 digits")
        .hasMessageNotContaining("secret-key-of-somebody");
  }

  private static Optional<ApiKeys> keys(String text) throws ConfigException {
    return ApiKeys.of(Map.of("FEATURE_SERVER_API_KEY_SHA256", text));
  }
}
