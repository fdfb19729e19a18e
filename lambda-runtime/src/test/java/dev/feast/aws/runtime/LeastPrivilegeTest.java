package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.iam.Grant;
import dev.feast.aws.localaws.iam.Identities;
import dev.feast.aws.localaws.iam.Policy;
import dev.feast.aws.localaws.iam.Role;
import dev.feast.aws.runtime.http.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lookups under exactly the policy that the operator's {@code iam-policy execution} prints. What
 * Lambda itself writes with it, the function's log, is local-aws' to test.
 */
class LeastPrivilegeTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ROLE = "arn:aws:iam::000000000000:role/lambda_execution_role";
  private static final Path POLICIES =
      Path.of("../operator/src/main/resources/dev/feast/aws/operator/iam");
  private static final String LOOKUP =
      """
      {"features": ["driver_hourly_stats:conv_rate"], "entities": {"driver_id": [1001]}}
      """;

  private Identities identities;
  private TestStore store;
  private String trust;

  @BeforeEach
  void start(@TempDir Path data, @TempDir Path folder) throws Exception {
    trust = Files.readString(POLICIES.resolve("execution-trust.json"));
    Path roles =
        Files.writeString(
            folder.resolve("iam.json"),
            """
            {"roles": [{"arn": "%s", "trustPolicy": %s,
             "accessKeys": [{"accessKeyId": "test", "secretAccessKey": "test"}]}]}
            """
                .formatted(ROLE, trust));
    identities = Identities.read(roles);
    store = TestStore.start("feast-0.67", data, aws -> aws.iam(identities));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  /** The role's policy is the printed one, without one action where that is not empty. */
  private Role allowedAllBut(String action) throws Exception {
    var config = TestStore.config("feast-0.67");
    String text =
        Files.readString(POLICIES.resolve("execution.json"))
            .replace("${Partition}", "aws")
            .replace("${Region}", config.onlineStore().region())
            .replace("${Account}", "000000000000")
            .replace("${Prefix}", "feast-")
            .replace("${Registry}", config.registry().bucket() + "/" + config.registry().key())
            .replace("${Project}", config.project())
            .replace("${Traces}", "*")
            .replace("${Network}", "*");
    String without = action.isEmpty() ? text : text.replace('"' + action + '"', "\"none:None\"");
    assertThat(without.equals(text)).isEqualTo(action.isEmpty());
    Role role = Role.of(ROLE, trust, Policy.parse(without));
    identities.put(role);
    return role;
  }

  @Test
  void looksUpUnderExactlyThisPolicyAndUsesAllOfIt() throws Exception {
    Role role = allowedAllBut("");
    try (FeatureServer server = store.server()) {
      Answer answer = TestStore.post(server, "/get-online-features", LOOKUP);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8))
          .contains("0.025330161675810814");
    }
    assertThat(role.unused())
        .as("what could go from the policy, but for what Lambda does around the runtime")
        .extracting(Grant::action)
        .allMatch(action -> action.matches("(logs|xray|ec2):.*"));
  }

  @Test
  void loadsNoRegistryThatItMayNotGet() throws Exception {
    allowedAllBut("s3:GetObject");
    try (FeatureServer server = store.server()) {
      JsonNode health = JSON.readTree(TestStore.get(server, "/health").body());

      assertThat(health.path("registry").path("state").asText()).isEqualTo("unavailable");
      assertThat(health.path("registry").path("reason").asText()).isEqualTo("AccessDenied");
      assertThat(health.path("registry").path("message").asText()).contains("s3:GetObject");
    }
  }

  @Test
  void findsNoFeaturesThatItMayNotGet() throws Exception {
    allowedAllBut("dynamodb:BatchGetItem");
    try (FeatureServer server = store.server()) {
      Answer answer = TestStore.post(server, "/get-online-features", LOOKUP);

      assertThat(answer.status()).isGreaterThanOrEqualTo(500);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("NOT_FOUND");
    }
  }
}
