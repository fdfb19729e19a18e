package dev.feast.aws.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What ServiceAccounts asked of the API server, as it wrote that down before it answered. */
record AuditLog(Path policy, Path file) {
  private static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - level: Metadata
        userGroups: ["system:serviceaccounts"]
      - level: None
      """;

  static AuditLog in(Path folder) throws IOException {
    return new AuditLog(
        Files.writeString(folder.resolve("audit-policy.yaml"), POLICY),
        folder.resolve("audit.log"));
  }

  /** For kube-apiserver. */
  List<String> flags() {
    return List.of("--audit-policy-file=" + policy, "--audit-log-path=" + file);
  }

  /** The audit.k8s.io/v1 Events of what a user asked for. */
  List<JsonNode> requests(String user) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> requests = new ArrayList<>();
    String log = Files.readString(file);
    // The last line may still be on its way.
    for (String line : log.substring(0, log.lastIndexOf('\n') + 1).lines().toList()) {
      JsonNode event = json.readTree(line);
      if (event.at("/user/username").asText().equals(user)) {
        requests.add(event);
      }
    }
    return requests;
  }
}
