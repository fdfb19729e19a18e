package dev.feast.aws.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feast.aws.runtime.config.ServingConfig.ResponseFormat;
import dev.feast.aws.runtime.config.ServingConfig.StaleFeatures;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingConfigTest {

  @Test
  void hasDefaults() throws ConfigException {
    var expected = new ServingConfig(ResponseFormat.FIELD_VALUES, StaleFeatures.SERVE, 10_000);
    assertThat(ServingConfig.of(Map.of())).isEqualTo(expected);
    assertThat(parse("{}")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"responseFormat":"FieldValues","staleFeatures":"Serve","maxRows":10000}  | FIELD_VALUES | SERVE    | 10000
          {"responseFormat":"Results","staleFeatures":"Flag","maxRows":1}           | RESULTS      | FLAG     | 1
          {"maxRows":100000}                                                        | FIELD_VALUES | SERVE    | 100000
          {"staleFeatures":"Withhold"}                                              | FIELD_VALUES | WITHHOLD | 10000
          """)
  void readsWhatTheOperatorWrites(
      String json, ResponseFormat responseFormat, StaleFeatures staleFeatures, int maxRows)
      throws ConfigException {
    assertThat(parse(json)).isEqualTo(new ServingConfig(responseFormat, staleFeatures, maxRows));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                              | has to be a JSON object
          []                              | has to be a JSON object
          {                               | is not JSON
          {"maxRows":1                    | is not JSON
          {"maxRows":1} {}                | something behind
          {"maxRows":1,"maxRows":2}       | is not JSON
          {"maxrows":1}                   | unknown key maxrows
          {"maxRows":0}                   | has 0 as maxRows; needed is a whole number from 1 to 100000
          {"maxRows":-1}                  | has -1 as maxRows
          {"maxRows":100001}              | has 100001 as maxRows
          {"maxRows":99999999999}         | has 99999999999 as maxRows
          {"maxRows":1.5}                 | has 1.5 as maxRows
          {"maxRows":"10"}                | has 10 as maxRows
          {"maxRows":null}                | has null as maxRows
          {"responseFormat":"results"}    | has results as responseFormat; needed is FieldValues or Results
          {"responseFormat":{}}           | as responseFormat; needed
          {"staleFeatures":"Drop"}        | has Drop as staleFeatures; needed is Serve, Flag or Withhold
          """)
  void saysWhatIsWrong(String json, String message) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("FEATURE_SERVER_SERVING")
        .hasMessageContaining(message);
  }

  private static ServingConfig parse(String json) throws ConfigException {
    return ServingConfig.of(Map.of("FEATURE_SERVER_SERVING", json));
  }
}
