package dev.feast.aws.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
  /** Whoever sees it in {@code kubectl get} looks for it there. */
  @ParameterizedTest
  @EnumSource(Problem.Reason.class)
  void hasAReasonThatTheReadmeExplains(Problem.Reason reason) throws IOException {
    assertThat(Files.readString(Path.of("..", "README.md"))).contains("`" + reason + "`");
  }
}
