package dev.feast.aws.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellExportsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"sh, /a b/$HOME/it's", "bash, /a b/$HOME/it's", "sh, /plain", "bash, /`pwd`/;*"})
  void setWhatTheyNameInEveryShell(String shell, String folder) throws Exception {
    List<String> lines =
        ShellExports.lines(
            Path.of(folder, "admin.kubeconfig"), Path.of(folder, "bin"), Map.of("OTHER", "x  y"));
    String script =
        String.join("\n", lines) + "\nprintf '%s\\n' \"$KUBECONFIG\" \"$PATH\" \"$OTHER\"";
    ProcessBuilder builder = new ProcessBuilder(shell, "-c", script).redirectErrorStream(true);
    builder.environment().put("PATH", "/usr/bin:/bin:/my programs");

    Process process = builder.start();

    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .isEqualTo(
            folder
                + "/admin.kubeconfig\n"
                + folder
                + "/bin:/usr/bin:/bin:/my programs\n"
                + "x  y\n");
  }

  @Test
  void quoteNothingThatNeedsNoQuotes() {
    assertThat(
            ShellExports.lines(
                Path.of("/tmp/kubeconfig"),
                Path.of("/tmp/bin"),
                Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")))
        .containsExactly(
            "export KUBECONFIG=/tmp/kubeconfig",
            "export PATH=/tmp/bin:\"$PATH\"",
            "export AWS_ENDPOINT_URL=http://127.0.0.1:4566");
  }
}
