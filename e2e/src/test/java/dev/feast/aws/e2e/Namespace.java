package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.feast.aws.e2e.process.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** One test's namespace, through kubectl. */
record Namespace(String name, Stack stack) {
  static final Duration BOUND = Duration.ofMinutes(2);

  /** Runs kubectl in the namespace, whatever comes of it. */
  Execution kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--namespace=" + name);
    return stack.controlPlane().admin().run(all.toArray(String[]::new));
  }

  /** Runs {@code kubectl apply}, whatever comes of it. */
  Execution apply(String yaml) throws IOException, InterruptedException {
    Path file = Files.createTempFile("apply-", ".yaml");
    try {
      Files.writeString(file, yaml);
      return kubectl("apply", "--filename=" + file);
    } finally {
      Files.delete(file);
    }
  }

  /** Applies what must be right. */
  void applied(String yaml) throws IOException, InterruptedException {
    apply(yaml).successfulOutput();
  }

  /** {@code kubectl wait} until it serves what its spec says. */
  void awaitReady(String featureServer) throws IOException, InterruptedException {
    Execution wait =
        kubectl(
            "wait",
            "--for=condition=Ready",
            "featureserver/" + featureServer,
            "--timeout=" + BOUND.toSeconds() + "s");
    assertThat(wait.exitCode())
        .as(
            "%s%s\nwith %s\nlogs: %s",
            wait.output(), wait.errors(), status(featureServer).toPrettyString(), stack.logs())
        .isZero();
  }

  /** {@code kubectl delete} until it is gone. */
  void deleted(String featureServer) throws IOException, InterruptedException {
    Execution delete =
        kubectl("delete", "featureserver", featureServer, "--timeout=" + BOUND.toSeconds() + "s");
    assertThat(delete.exitCode())
        .as("%s%s\nlogs: %s", delete.output(), delete.errors(), stack.logs())
        .isZero();
  }

  /** Waits for a condition of the status. */
  JsonNode awaitStatus(String featureServer, String what, Predicate<JsonNode> holds)
      throws IOException, InterruptedException {
    try {
      return await(what)
          .atMost(BOUND)
          .pollInterval(Duration.ofMillis(300))
          .until(() -> status(featureServer), holds);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "%s: waited %d s for: %s; the status is %s; logs: %s"
              .formatted(
                  featureServer,
                  BOUND.toSeconds(),
                  what,
                  status(featureServer).toPrettyString(),
                  stack.logs()),
          e);
    }
  }

  JsonNode status(String featureServer) throws IOException, InterruptedException {
    return get("featureserver/" + featureServer).path("status");
  }

  JsonNode get(String object) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(kubectl("get", object, "-o", "json").successfulOutput());
  }

  String endpoint(String featureServer) throws IOException, InterruptedException {
    return status(featureServer).path("endpoint").asText();
  }

  static JsonNode condition(JsonNode status, String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return MissingNode.getInstance();
  }
}
