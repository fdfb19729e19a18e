package dev.feast.aws.localaws.apigateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteKeyTest {
  private static final List<String> ROUTES =
      List.of(
          "$default",
          "GET /",
          "GET /health",
          "ANY /health",
          "POST /get-online-features",
          "ANY /v2/{proxy+}",
          "POST /v2/get-online-features",
          "GET /views/{view}",
          "GET /views/{view}/{rest+}",
          "GET /views/all");

  @ParameterizedTest
  @CsvSource({
    "GET, /health, GET /health, {}",
    "HEAD, /health, ANY /health, {}",
    "GET, /, GET /, {}",
    "GET, /health/, $default, {}",
    "POST, /get-online-features, POST /get-online-features, {}",
    "GET, /get-online-features, $default, {}",
    "POST, /v2/get-online-features, POST /v2/get-online-features, {}",
    "POST, /v2/a/b, ANY /v2/{proxy+}, {proxy=a/b}",
    "GET, /v2/, $default, {}",
    "GET, /views/all, GET /views/all, {}",
    "GET, /views/a%20b, GET /views/{view}, {view=a b}",
    "GET, /views/a/b/c, 'GET /views/{view}/{rest+}', '{view=a, rest=b/c}'",
    "GET, /Health, $default, {}",
  })
  void takesTheMostSpecificRoute(String method, String path, String route, String variables) {
    RouteKey found =
        ROUTES.stream()
            .map(RouteKey::new)
            .filter(key -> key.match(method, path).isPresent())
            .min(RouteKey.bySpecificity())
            .orElseThrow();

    assertThat(found.text()).isEqualTo(route);
    assertThat(found.match(method, path).orElseThrow()).hasToString(variables);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$default", "GET /", "ANY /a/{b}/c", "POST /a/{proxy+}", "DELETE /a-b_c.d~e"})
  void knowsARouteKey(String text) {
    assertThat(RouteKey.isValid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "GET", "GET health", "FETCH /a", "GET /{proxy+}/a", "GET /{a", "$other"})
  void knowsWhatIsNone(String text) {
    assertThat(RouteKey.isValid(text)).isFalse();
  }
}
