package dev.feast.aws.localaws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogTailTest {
  private final LogTail tail = new LogTail(10);

  @Test
  void hasWhatWasLoggedWhereItIsLittle() {
    assertThat(text()).isEmpty();
    tail.add("one");
    tail.add("");
    tail.add("two");

    assertThat(text()).isEqualTo("one\n\ntwo\n");
  }

  @Test
  void hasTheLastBytesWhereItIsMore() {
    for (int i = 0; i < 1000; i++) {
      tail.add("line " + i);
    }

    assertThat(text()).isEqualTo("\nline 999\n");
  }

  @Test
  void hasTheEndOfALineThatIsLongerThanItself() {
    tail.add("0123456789abcdef");

    assertThat(text()).isEqualTo("789abcdef\n");
  }

  private String text() {
    return new String(tail.bytes(), StandardCharsets.UTF_8);
  }
}
