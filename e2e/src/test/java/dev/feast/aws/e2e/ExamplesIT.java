package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.e2e.process.Execution;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
          "iam", "signed",
          "jwt", "with-tokens",
          "gitops", "from-git",
          "own-image", "own-image",
          "vpc", "in-vpc",
          "provisioned-concurrency", "warm",
          "snapstart", "restored");

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
      if (!folder.equals("own-image")) {
        namespace.applied(filledIn(yaml(namespace, folder)));
      }
    }
    namespace.awaitReady("referring");
    // Any image in ECR will do, such as that one's copy of the shipped runtime.
    String image = namespace.status("referring").at("/image/uri").asText();
    namespace.applied(filledIn(yaml(namespace, "own-image")).replace("{image}", image));
    for (Map.Entry<String, String> example : NAMES.entrySet()) {
      namespace.awaitReady(example.getValue());
      String endpoint = namespace.status(example.getValue()).path("endpoint").asText();
      assertThat(answer(example.getKey(), endpoint))
          .as(example.getKey())
          .contains("driver_hourly_stats__conv_rate");
    }
    assertThat(
            stack
                .ask(
                    namespace.status("signed").path("endpoint").asText(),
                    stack.documentedJson("request.json"))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            stack
                .ask(
                    namespace.status("with-tokens").path("endpoint").asText(),
                    stack.documentedJson("request.json"))
                .statusCode())
        .isEqualTo(401);
    assertThat(namespace.status("own-image").at("/image/uri").asText()).isEqualTo(image);
    clientsAskWithTheirKey(namespace.endpoint("with-keys"));
    namespace.deleted("own-image"); // Before the repository that its image is in.
    for (String name : NAMES.values()) {
      if (!name.equals("own-image")) {
        namespace.deleted(name);
      }
    }
  }

  /** What is in the folder; kustomize puts together what is in several files. */
  private String yaml(Namespace namespace, String folder) throws Exception {
    Path example = examples().resolve(folder);
    return Files.exists(example.resolve("kustomization.yaml"))
        ? namespace.kubectl("kustomize", example.toString()).successfulOutput()
        : Files.readString(example.resolve("featureserver.yaml"));
  }

  private String filledIn(String yaml) {
    return yaml.replace("{aws_account}", LocalAwsServer.ACCOUNT)
        .replace("{issuer}", issuer().toString());
  }

  private void clientsAskWithTheirKey(String endpoint) throws Exception {
    Path clients = examples().resolve("clients");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    var commands = new ArrayList<List<String>>();
    commands.add(List.of(clients.resolve("lookup.sh").toString()));
    commands.add(List.of(java.toString(), clients.resolve("Lookup.java").toString()));
    // The build itself needs no Python.
    python()
        .ifPresent(
            python ->
                commands.add(List.of(python.toString(), clients.resolve("lookup.py").toString())));
    for (List<String> command : commands) {
      var asking = new ArrayList<>(command);
      asking.add(endpoint);
      assertThat(ran(asking, Map.of("API_KEY", KEY)).successfulOutput())
          .as(command.getLast())
          .contains("1001", "0.025330161675810814");
      assertThat(ran(asking, Map.of("API_KEY", "")).exitCode())
          .as(command.getLast() + " without its key")
          .isNotZero();
    }
  }

  private static Optional<Path> python() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "python3"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** To the documented lookup, asked as the example says. */
  private String answer(String folder, String endpoint) throws Exception {
    String request = examples().resolve("documented").resolve("request.json").toString();
    return switch (folder) {
      case "iam" ->
          lookup(
              folder,
              Map.of("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test"),
              endpoint,
              "us-west-2",
              request);
      case "jwt" -> lookup(folder, Map.of("TOKEN", token()), endpoint, request);
      default -> stack.ask(endpoint, stack.documentedJson("request.json"), "x-api-key", KEY).body();
    };
  }

  /** By the example's own script. */
  private String lookup(String folder, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(examples().resolve(folder).resolve("lookup").toString());
    command.addAll(List.of(arguments));
    return ran(command, environment).successfulOutput();
  }

  private Execution ran(List<String> command, Map<String, String> environment) throws Exception {
    return Execution.run(
        stack.controlPlane().run(),
        command,
        environment,
        stack.repository().root(),
        Duration.ofSeconds(60));
  }

  private URI issuer() {
    return stack.aws().resolve("/_local/issuer");
  }

  private String token() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var tokens =
          HttpRequest.newBuilder(URI.create(issuer() + "/tokens"))
              .POST(HttpRequest.BodyPublishers.ofString("{\"aud\":\"features\"}"))
              .build();
      String answer = http.send(tokens, HttpResponse.BodyHandlers.ofString()).body();
      return new JsonMapper().readTree(answer).path("token").asText();
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
    return Stream.concat(NAMES.keySet().stream(), Stream.of("documented", "clients")).toList();
  }

  private Path examples() {
    return stack.repository().documentedExample().resolveSibling("");
  }
}
