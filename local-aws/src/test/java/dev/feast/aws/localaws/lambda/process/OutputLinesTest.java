package dev.feast.aws.localaws.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputLinesTest {
  @Test
  void tellsLinesFromEachOther() throws IOException {
    assertThat(lines("one\n\ntwo\r\n\u00fcber")).containsExactly("one", "", "two", "\u00fcber");
    assertThat(lines("")).isEmpty();
    assertThat(lines("one\n")).containsExactly("one");
  }

  @Test
  void cutsALineThatIsLongerThanLambdaTakes() throws IOException {
    String most = "x".repeat(OutputLines.MAX_BYTES);

    assertThat(lines(most + "y\nz")).containsExactly(most, "y", "z");
    assertThat(lines(most + "\nz")).containsExactly(most, "z");
  }

  private static List<String> lines(String output) throws IOException {
    var lines = new ArrayList<String>();
    new OutputLines(lines::add)
        .read(new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)));
    return lines;
  }
}
