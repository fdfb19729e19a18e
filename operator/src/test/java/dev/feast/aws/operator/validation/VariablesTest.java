package dev.feast.aws.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariablesTest {
  @ParameterizedTest
  @CsvSource(
      value = {
        "${NAME}|value",
        "$NAME|value",
        "$NAME/x|value/x",
        "${NONE}|${NONE}",
        "$NONE|$NONE",
        "${NAME|${NAME",
        "$|$",
        "$$NAME|$value",
        "${DOLLAR}|$NAME",
      },
      delimiter = '|')
  void expandsAsPythonDoes(String text, String expanded) {
    assertThat(new Variables(Map.of("NAME", "value", "DOLLAR", "$NAME")).expand(text))
        .isEqualTo(expanded);
  }

  @Property
  void keepsWhatIsNotDefined(@ForAll String text) {
    assertThat(new Variables(Map.of()).expand(text)).isEqualTo(text);
  }

  @Property
  void expandsEveryReferenceOnce(
      @ForAll @AlphaChars @StringLength(min = 1, max = 8) String name, @ForAll String value) {
    Variables variables = new Variables(Map.of(name, value));

    assertThat(variables.expand("<${" + name + "}> <$" + name + ">"))
        .isEqualTo("<" + value + "> <" + value + ">");
  }
}
