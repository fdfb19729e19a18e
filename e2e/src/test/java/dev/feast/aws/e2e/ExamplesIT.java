package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every example is applied as it is, but for the account's number, and answers lookups. */
@ExtendWith(Stack.Extension.class)
class ExamplesIT {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  /** Folder to the name of the FeatureServer in it; {@code documented} is the quickstart's. */
  private static final Map<String, String> NAMES =
      Map.of(
          "configmap", "referring",
          "api-key", "with-keys",
          "vpc", "in-vpc",
          "provisioned-concurrency", "warm");

  private final Stack stack;

  ExamplesIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void eachAnswersTheDocumentedLookup() throws Exception {
    assertThat(folders()).containsExactlyInAnyOrderElementsOf(withDocumented());
    Namespace namespace = stack.namespace("examples");
    namespace
        .kubectl("create", "secret", "generic", "feature-keys", "--from-literal=first=" + KEY)
        .successfulOutput();
    for (String folder : NAMES.keySet()) {
      namespace.applied(
          Files.readString(examples().resolve(folder).resolve("featureserver.yaml"))
              .replace("{aws_account}", LocalAwsServer.ACCOUNT));
    }
    for (Map.Entry<String, String> example : NAMES.entrySet()) {
      namespace.awaitReady(example.getValue());
      String endpoint = namespace.status(example.getValue()).path("endpoint").asText();
      assertThat(
              stack
                  .ask(endpoint, stack.documentedJson("request.json"), "x-api-key", KEY)
                  .statusCode())
          .as(example.getKey())
          .isEqualTo(200);
    }
    for (String name : NAMES.values()) {
      namespace.deleted(name);
    }
  }

  private List<String> folders() throws Exception {
    try (Stream<Path> children = Files.list(examples())) {
      return children
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .toList();
    }
  }

  private static List<String> withDocumented() {
    return Stream.concat(NAMES.keySet().stream(), Stream.of("documented")).toList();
  }

  private Path examples() {
    return stack.repository().documentedExample().resolveSibling("");
  }
}
