package dev.feast.aws.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expectations are what Python's os.path.expandvars gives. */
class EnvironmentVariablesTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("BUCKET", "feast", "A_1", "x", "NESTED", "$BUCKET", "EMPTY", "");

  @ParameterizedTest
  @CsvSource({
    "s3://${BUCKET}/dev, s3://feast/dev",
    "s3://$BUCKET/dev, s3://feast/dev",
    "$A_1$A_1, xx",
    "${UNSET} and $UNSET, ${UNSET} and $UNSET",
    "${NESTED}, $BUCKET",
    "a${EMPTY}b, ab",
    "costs 5$, costs 5$",
    "$$BUCKET, $feast",
    "${BUCKET, ${BUCKET",
    "${}, ${}",
    "$-BUCKET, $-BUCKET",
    "nothing, nothing",
  })
  void fillsInAsPythonDoes(String text, String expanded) {
    assertThat(EnvironmentVariables.expand(text, ENVIRONMENT)).isEqualTo(expanded);
  }
}
