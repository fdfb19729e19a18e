package dev.feast.aws.runtime.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Refusal;
import dev.feast.aws.runtime.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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

  /** Which a parser takes for UTF-16 and UTF-32, in all their byte orders, and a broken UTF-8. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 00 FF FE",
        "FE FF 00 00",
        "00 00 FE FF",
        "FF FE 00 00",
        "FE FF 00 7B",
        "FF FE 7B 00",
        "7B 00 00 00",
        "00 00 00 7B",
        "7B 00 22 00",
        "00 7B 00 22",
        "00",
        "FF",
        "7B 22 C3 28 22",
        "00 00 00 7B FF FF FF FF",
      })
  void takesUtf8Alone(String hex) {
    byte[] body = HexFormat.ofDelimiter(" ").parseHex(hex);
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> LookupRequestParser.parse(body, 10));
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(refusal.detail()).contains("JSON");
  }

  @Test
  void takesUmlautsAndAByteOrderMark() {
    assertThat(parse("\uFEFF{\"features\": [\"ü:\uD83D\uDE97\"]}").features())
        .containsExactly("ü:\uD83D\uDE97");
  }

  /** As UTF-8 it would become the key "?", and somebody else's row. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\uD800",
        "\\uDC00",
        "a\\uD83D",
        "\\uDE97\\uD83D",
        "\\uD83D\\uD83D\\uDE97",
      })
  void refusesHalvesOfSurrogatePairs(String text) {
    Refusal refusal = refusal("{\"entities\": {\"a\": [\"b\", \"" + text + "\"]}}");
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ENTITY_VALUE);
    assertThat(refusal.detail()).contains("entities.a[1]");
    assertThat(parse("{\"entities\": {\"a\": [\"\\uD83D\\uDE97\"]}}").entities().get("a"))
        .containsExactly(new EntityValue.Text("\uD83D\uDE97"));
  }

  @Test
  void refusesMoreThanAHundredColumns() {
    assertThat(parse(columns(100, 1)).entities()).hasSize(100);
    Refusal refusal = refusal(columns(101, 1));
    assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_TOO_LARGE);
    assertThat(refusal.detail()).contains("more than 100 columns");
  }

  @Test
  void refusesMoreThanAMillionValues() {
    assertThat(LookupRequestParser.parse(utf8(columns(10, 100_000)), 100_000).entities())
        .hasSize(10);
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> LookupRequestParser.parse(utf8(columns(11, 100_000)), 100_000));
    assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_TOO_LARGE);
    assertThat(refusal.detail()).contains("more than 1000000 values");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"entities\": {\"%s\": 1}}",
        "{\"entities\": {\"%s\": [1], \"b\": []}}",
        "{\"entities\": {\"%s\": [1,2,3,4,5,6,7,8,9,10,11]}}",
        "{\"entities\": {\"%s\": [\"\\uD800\"]}}",
        "%s",
      })
  void echoesNoMoreThanAnExcerpt(String body) {
    assertThat(refusal(body.formatted("n".repeat(40_000))).detail()).hasSizeLessThan(500);
  }

  private static String columns(int count, int rows) {
    String column = "[" + "1,".repeat(rows - 1) + "1]";
    return "{\"entities\": {"
        + IntStream.range(0, count)
            .mapToObj(i -> "\"c" + i + "\":" + column)
            .collect(Collectors.joining(","))
        + "}}";
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
