package dev.feast.aws.runtime.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Refusal;
import dev.feast.aws.runtime.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LookupRequestParserTest {

  @Test
  void readsAllThatALookupCanSay() {
    LookupRequest request =
        parse(
            """
            {"features": ["a:x", "b:y"], "feature_service": "s", "full_feature_names": true,
             "entities": {"driver": [1, 1.5, "c", true, null, [1, {"a": 2}], 9223372036854775808]}}
            """);
    assertThat(request.features()).containsExactly("a:x", "b:y");
    assertThat(request.featureService()).isEqualTo("s");
    assertThat(request.fullFeatureNames()).isTrue();
    assertThat(request.entities().get("driver"))
        .containsExactly(
            new EntityValue.Whole(1),
            new EntityValue.Decimal("1.5"),
            new EntityValue.Text("c"),
            new EntityValue.Bool(true),
            new EntityValue.Null(),
            new EntityValue.Nested(),
            new EntityValue.Decimal("9223372036854775808"));
  }

  @Test
  void keepsTheOrderOfEntities() {
    assertThat(parse("{\"entities\": {\"z\": [1], \"a\": [2], \"m\": [3]}}").entities())
        .containsOnlyKeys("z", "a", "m")
        .extracting(entities -> List.copyOf(entities.keySet()))
        .isEqualTo(List.of("z", "a", "m"));
  }

  /** include_feature_view_version_metadata is what today's Feast SDK always sends. */
  @Test
  void skipsKeysThatItDoesNotKnow() {
    LookupRequest request =
        parse(
            """
            {"include_feature_view_version_metadata": false, "x": {"y": [1, {"z": null}]},
             "features": ["a:x"], "feature_service": null, "entities": {}}
            """);
    assertThat(request.features()).containsExactly("a:x");
    assertThat(request.featureService()).isNull();
  }

  @Test
  void takesTheLastOfDuplicateKeysAsPythonDoes() {
    assertThat(parse("{\"features\": [\"a:x\"], \"features\": [\"b:y\"]}").features())
        .containsExactly("b:y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                        | the body has to be a JSON object
          []                                        | the body has to be a JSON object
          null                                      | the body has to be a JSON object
          {"features"                               | the body is not JSON
          {"features": ["a:x"]} x                   | the body is not JSON
          {"features": ["a:x"]} {}                  | something follows
          {"features": "a:x"}                       | features has to be a list
          {"features": [1]}                         | features has to be a list
          {"feature_service": 1}                    | feature_service has to be a text
          {"full_feature_names": "true"}            | full_feature_names has to be true or false
          {"entities": [{"driver_id": 1}]}          | entities has to be an object of lists
          {"entities": {"driver_id": 1001}}         | driver_id is not a list
          {"entities": {"a": [1], "b": [1, 2]}}     | entities.a has 1 rows, entities.b has 2
          {"entities": {"a": [01]}}                 | the body is not JSON
          {"entities": {"a": [NaN]}}                | the body is not JSON
          """)
  void saysWhatIsWrong(String body, String detail) {
    Refusal refusal = refusal(body == null ? "" : body);
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(refusal.detail()).contains(detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"x\": %s}", "{\"entities\": {\"a\": [%s]}}"})
  void refusesWhatIsTooDeep(String body) {
    String nested = "[".repeat(100) + "]".repeat(100);
    assertThat(refusal(body.formatted(nested)).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10_000})
  void takesAsManyRowsAsItMayAndNotOneMore(int maxRows) {
    assertThat(LookupRequestParser.parse(utf8(rows(maxRows)), maxRows).entities().get("a"))
        .hasSize(maxRows);
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> LookupRequestParser.parse(utf8(rows(maxRows + 1)), maxRows));
    assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_TOO_LARGE);
    assertThat(refusal.detail()).contains("entities.a has more than " + maxRows + " rows");
  }

  @Test
  void refusesABodyPastSixMebibytes() {
    Refusal refusal = refusal("x".repeat(Request.MAX_BODY_BYTES + 1));
    assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_TOO_LARGE);
    assertThat(refusal.detail()).contains("6291456 bytes");
  }

  private static String rows(int count) {
    return "{\"entities\": {\"a\": ["
        + IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","))
        + "]}}";
  }

  private static LookupRequest parse(String body) {
    return LookupRequestParser.parse(utf8(body), 10);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Refusal refusal(String body) {
    return catchThrowableOfType(Refusal.class, () -> parse(body));
  }
}
