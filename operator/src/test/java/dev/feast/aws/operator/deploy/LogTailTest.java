package dev.feast.aws.operator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogTailTest {
  @Test
  void keepsTheFunctionsOwnLastLines() {
    String log =
        """
        INIT_START Runtime Version: provided
        START RequestId: 1 Version: 2
        first
        second\twith a tab

        END RequestId: 1
        REPORT RequestId: 1\tDuration: 3 ms
        """;

    assertThat(LogTail.of(log, log.length())).isEqualTo("first\nsecond with a tab");
  }

  @Test
  void isShortWhateverTheLogIs() {
    String log =
        IntStream.range(0, 100)
            .mapToObj(i -> i + "x".repeat(1_000))
            .collect(Collectors.joining("\n"));

    String tail = LogTail.of(log, 4_000);

    assertThat(tail.lines()).hasSize(5);
    assertThat(tail).hasSizeLessThan(1_100).contains("\n99xx").doesNotContain("\n94xx");
  }

  /** Its first line may be the end of one, and so the end of a secret that nobody finds in it. */
  @Test
  void dropsTheFirstLineOfATailThatLambdaCut() {
    assertThat(LogTail.of("ter2\nnext", 4_096)).isEqualTo("next");
    assertThat(LogTail.of("first\nnext", 4_095)).isEqualTo("first\nnext");
  }

  @Test
  void isEmptyWhereTheFunctionLoggedNothing() {
    assertThat(LogTail.of("START RequestId: 1 Version: 2\nEND RequestId: 1\n", 40)).isEmpty();
    assertThat(LogTail.of("", 0)).isEmpty();
  }
}
