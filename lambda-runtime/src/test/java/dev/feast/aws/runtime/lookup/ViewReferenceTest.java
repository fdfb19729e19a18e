package dev.feast.aws.runtime.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewReferenceTest {

  /** What Feast 0.67's own parser makes of the same texts. */
  @ParameterizedTest
  @CsvSource({
    "stats, stats, , stats",
    "stats@, stats, , stats",
    "stats@latest, stats, , stats",
    "stats@LATEST, stats, , stats",
    "stats@v2, stats, 2, stats@v2",
    "stats@V2, stats, 2, stats@v2",
    "stats@v02, stats, 2, stats@v2",
    "stats@v0, stats, 0, stats@v0",
    "stats@v, stats@v, , stats@v",
    "stats@2, stats@2, , stats@2",
    "stats@version2, stats@version2, , stats@version2",
    "stats@v2@v3, stats@v2@v3, , stats@v2@v3",
    // Feast has no view of that number either.
    "stats@v9999999999, stats@v9999999999, , stats@v9999999999",
  })
  void findsTheVersion(String text, String view, @Nullable Integer version, String key) {
    ViewReference reference = ViewReference.parse(text);
    assertThat(reference).isEqualTo(new ViewReference(view, version));
    assertThat(reference.key()).isEqualTo(key);
  }
}
