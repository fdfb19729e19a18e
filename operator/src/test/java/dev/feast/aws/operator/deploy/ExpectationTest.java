package dev.feast.aws.operator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {}                               | {"a":1}
          {"a":1}                          | {"a":1,"b":2}
          {"a":1}                          | {"a":1.0}
          {"a":0.5}                        | {"a":0.50}
          {"a":[{"b":"x"},{}]}             | {"a":[{"b":"x","c":1},{"b":"y"}]}
          {"a":null}                       | {"a":null}
          {"a":{"b":true}}                 | {"a":{"b":true}}
          """)
  void holdsWhateverElseIsInTheAnswer(String expected, String answer) throws Exception {
    assertThat(difference(expected, answer)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {"a":1}                          | {"b":1}                    | a is missing
          {"a":1}                          | {"a":2}                    | a is another number, expected is another number
          {"a":1}                          | {"a":"1"}                  | a is another text, expected is another number
          {"a":1}                          | {"a":null}                 | a is null, expected is another number
          {"a":null}                       | {"b":1}                    | a is missing
          {"a":true}                       | {"a":false}                | a is false, expected is true
          {"a":{"b":{"c":1}}}              | {"a":{"b":[]}}             | a.b is a list, expected is an object
          {"a":[]}                         | {"a":[1]}                  | a has 1 elements, expected are 0
          {"a":[{},{"s":{"f":"PRESENT"}}]} | {"a":[1,{"s":{}}]}         | a[0] is another number, expected is an object
          {"a":[{"s":{"f":"PRESENT"}}]}    | {"a":[{"s":{"f":"NOT_FOUND"}}]} | a[0].s.f is NOT_FOUND, expected is PRESENT
          {"a":"secret"}                   | {"a":"hunter2"}            | a is another text, expected is another text
          {"a":1}                          | []                         | the answer is a list, expected is an object
          """)
  void namesTheFirstDifferenceAndNoValueOfAFeature(String expected, String answer, String said)
      throws Exception {
    assertThat(difference(expected, answer)).isEqualTo(said);
  }

  private static String difference(String expected, String answer) throws JsonProcessingException {
    return Expectation.difference(JSON.readTree(expected), JSON.readTree(answer)).orElse("");
  }
}
