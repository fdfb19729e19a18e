package dev.feast.aws.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.runtime.config.ApiKeys;
import dev.feast.aws.runtime.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationTest {

  /** Of the key "abc". */
  private static final String DIGEST =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private Handler handler;

  @BeforeEach
  void authorize() throws ConfigException {
    var routes =
        new Routes(
            Map.of(
                "/health",
                new Routes.Route("GET", request -> new Answer(200, Map.of(), new byte[0]))));
    handler =
        new Authorization(
            ApiKeys.of(Map.of("FEATURE_SERVER_API_KEY_SHA256", DIGEST)).orElseThrow(), routes);
  }

  @ParameterizedTest
  @CsvSource({
    "x-api-key, abc, 200",
    "x-api-key, ' abc ', 200",
    "x-api-key, ABC, 403",
    "x-api-key, Bearer abc, 403",
    "x-api-key, '', 401",
    "authorization, Bearer abc, 200",
    "authorization, bearer  abc, 200",
    "authorization, Bearer abd, 403",
    "authorization, Bearer, 401",
    "authorization, 'Bearer ', 401",
    "authorization, abc, 401",
    "authorization, Basic abc, 401",
    "x-other, abc, 401",
  })
  void letsInWhoBringsAKey(String header, String value, int status) {
    assertThat(answer("/health", Map.of(header, value)).status()).isEqualTo(status);
  }

  @Test
  void goesByTheHeaderForKeysWhereThereAreBoth() {
    assertThat(
            answer("/health", Map.of("x-api-key", "wrong", "authorization", "Bearer abc")).status())
        .isEqualTo(403);
    // Who uses the other header for something else is not kept out by it.
    assertThat(answer("/health", Map.of("x-api-key", "abc", "authorization", "Bearer x")).status())
        .isEqualTo(200);
  }

  /** Who has no key learns nothing of the routes. */
  @ParameterizedTest
  @ValueSource(strings = {"/health", "/get-online-features", "/nope", ""})
  void guardsEveryPath(String path) {
    assertThat(answer(path, Map.of()).status()).isEqualTo(401);
    assertThat(answer(path, Map.of("x-api-key", "x")).status()).isEqualTo(403);
  }

  @Test
  void saysWhatIsNeededAndNotWhatWasGiven() {
    Answer none = answer("/health", Map.of());
    assertThat(none.headers()).containsEntry("www-authenticate", "Bearer");
    assertThat(text(none)).contains("\"code\":\"UNAUTHORIZED\"", "x-api-key");
    Answer wrong = answer("/health", Map.of("x-api-key", "not-this-one"));
    assertThat(wrong.headers()).isEmpty();
    assertThat(text(wrong)).contains("\"code\":\"FORBIDDEN\"").doesNotContain("not-this-one");
  }

  private Answer answer(String path, Map<String, String> headers) {
    return handler.handle(
        new Request("GET", path, headers, new byte[0], Deadline.in(Duration.ofSeconds(1))));
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
