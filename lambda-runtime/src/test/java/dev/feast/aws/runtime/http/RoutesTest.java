package dev.feast.aws.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {

  private final Routes routes =
      new Routes(
          Map.of(
              "/health",
              new Routes.Route("GET", request -> new Answer(200, Map.of(), new byte[0])),
              "/refused",
              new Routes.Route(
                  "POST",
                  request -> {
                    throw new Refusal(ErrorCode.ONLINE_STORE_THROTTLED, "try again");
                  }),
              "/broken",
              new Routes.Route(
                  "POST",
                  request -> {
                    throw new IllegalStateException("table arn:secret");
                  })));

  @ParameterizedTest
  @CsvSource({
    "GET, /health, 200",
    "POST, /health, 405",
    "GET, /health/, 404",
    "GET, /Health, 404",
    "GET, /, 404",
    "GET, '', 404",
    "OPTIONS, /refused, 405",
  })
  void goesByExactPathAndMethod(String method, String path, int status) {
    assertThat(answer(method, path).status()).isEqualTo(status);
  }

  @Test
  void namesTheMethodThatWouldDo() {
    assertThat(answer("PUT", "/refused").headers()).containsEntry("allow", "POST");
  }

  @Test
  void namesThePathsThatThereAre() {
    assertThat(text(answer("GET", "/nope"))).contains("NOT_FOUND").contains("/health");
  }

  @Test
  void turnsARefusalIntoItsAnswer() {
    Answer answer = answer("POST", "/refused");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers()).containsEntry("retry-after", "1");
    assertThat(text(answer))
        .isEqualTo("{\"code\":\"ONLINE_STORE_THROTTLED\",\"detail\":\"try again\"}");
  }

  @Test
  void leaksNothingOfAFault() {
    Answer answer = answer("POST", "/broken");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(text(answer)).contains("\"code\":\"INTERNAL\"").doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({"GET, n, 404", "n, , 405", "GET, \uD800, 404", "GET, \uDC00\uD83D, 404"})
  void echoesNoMoreThanAnExcerpt(String method, String path, int status) {
    Answer answer =
        path == null
            ? answer(method.repeat(1_000_000), "/health")
            : answer(method, path.repeat(1_000_000));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).hasSizeLessThan(2_000);
  }

  private Answer answer(String method, String path) {
    return routes.handle(
        new Request(method, path, Map.of(), new byte[0], Deadline.in(Duration.ofSeconds(1))));
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
