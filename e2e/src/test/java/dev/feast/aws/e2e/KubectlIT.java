package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.e2e.process.Execution;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code docs/kubectl.md} shows what kubectl says: it is played, and has to say the same again.
 * What differs from run to run (ids, times, digests) is replaced by what stands for it.
 */
@ExtendWith(Stack.Extension.class)
class KubectlIT {
  private static final String REWRITE = "kubectl.md";
  private static final String NAMESPACE = "features";
  private static final Pattern API =
      Pattern.compile("http://127\\.0\\.0\\.1:\\d+/_apis/([a-z0-9]+)");

  /** In this order. */
  private static final Map<Pattern, String> VOLATILE = new LinkedHashMap<>();

  static {
    replacing(API.pattern(), "https://a1b2c3d4e5.execute-api.us-west-2.amazonaws.com");
    replacing(
        "127\\.0\\.0\\.1:\\d+/\\d{12}/us-west-2/", "000000000000.dkr.ecr.us-west-2.amazonaws.com/");
    replacing("sha256:[0-9a-f]{64}", "sha256:…");
    replacing("\\b[0-9a-f]{64}\\b", "…");
    replacing("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", "…");
    replacing("feast-features-dev-[a-z0-9]{10}", "feast-features-dev-f6g7h8i9j0");
    replacing("\\d{4}-\\d\\d-\\d\\d[T ][0-9:.]+(Z| [+-]\\d{4})", "2026-01-01T00:00:00Z");
    replacing("(Resource Version: +|resourceVersion: \")\\d+", "$1…");
    replacing("/tmp/(LIVE|MERGED)-\\d+/", "/tmp/$1/");
    replacing("^\\d+m?\\d*s$", "10s");
  }

  private static void replacing(String what, String by) {
    VOLATILE.put(Pattern.compile(what), by);
  }

  private final Stack stack;

  KubectlIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void saysWhatItsDocumentShows() throws Exception {
    Path document = stack.repository().root().resolve("docs/kubectl.md");
    stack.namespace(NAMESPACE);
    Map<String, String> environment = environment();

    String played = ConsoleDocument.played(document, command -> say(command, environment));

    if (Boolean.getBoolean(REWRITE)) {
      Files.writeString(document, played);
    }
    assertThat(Files.readString(document))
        .as("docs/kubectl.md, which is written anew with -D%s=true", REWRITE)
        .isEqualTo(played);
  }

  private String say(String command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Execution said =
        Execution.run(
            stack.controlPlane().run(),
            List.of("bash", "-c", "set -o pipefail; exec 2>&1; " + command),
            environment,
            stack.repository().root(),
            Duration.ofMinutes(3));
    boolean table = command.matches("kubectl (get|events) .*") && !command.contains(" -o json");
    return table ? table(said.output()) : shown(said.output());
  }

  /** What a command says with what stands for what differs, without blanks at the end. */
  private static String shown(String said) {
    String shown = said;
    Matcher api = API.matcher(said);
    if (api.find()) {
      // The same id without its URL.
      shown = shown.replaceAll("(?<!_apis/)\\b" + api.group(1) + "\\b", "a1b2c3d4e5");
    }
    for (Map.Entry<Pattern, String> one : VOLATILE.entrySet()) {
      shown = one.getKey().matcher(shown).replaceAll(one.getValue());
    }
    return shown.replaceAll("(?m) +$", "").stripTrailing();
  }

  /** The same of a table, whose columns begin where they do in its first line and get as wide. */
  private static String table(String said) {
    List<String> lines = said.lines().toList();
    List<Integer> starts =
        Pattern.compile("(^|(?<= {2}))[^ ]")
            .matcher(lines.getFirst())
            .results()
            .map(MatchResult::start)
            .toList();
    List<StringBuilder> rows = lines.stream().map(line -> new StringBuilder()).toList();
    for (int column = 0; column < starts.size(); column++) {
      int start = starts.get(column);
      int end = column + 1 < starts.size() ? starts.get(column + 1) : Integer.MAX_VALUE;
      List<String> cells =
          lines.stream()
              .map(
                  line ->
                      line.substring(Math.min(start, line.length()), Math.min(end, line.length())))
              .map(cell -> shown(cell.strip()))
              .toList();
      int width = cells.stream().mapToInt(String::length).max().orElse(0);
      for (int row = 0; row < rows.size(); row++) {
        String cell = cells.get(row);
        rows.get(row).append(cell).append(" ".repeat(width + 3 - cell.length()));
      }
    }
    return String.join("\n", rows).replaceAll("(?m) +$", "");
  }

  /** A user's, whose context names the namespace. */
  private Map<String, String> environment() throws IOException, InterruptedException {
    Path kubeconfig = stack.controlPlane().run().folder().resolve("user.kubeconfig");
    Files.copy(
        stack.controlPlane().adminKubeconfig(), kubeconfig, StandardCopyOption.REPLACE_EXISTING);
    stack
        .controlPlane()
        .kubectl(kubeconfig)
        .output("config", "set-context", "--current", "--namespace=" + NAMESPACE);
    Path kubectl = stack.controlPlane().programs().kubectl();
    return Map.of(
        "KUBECONFIG",
        kubeconfig.toString(),
        "PATH",
        kubectl.getParent() + File.pathSeparator + System.getenv("PATH"));
  }
}
