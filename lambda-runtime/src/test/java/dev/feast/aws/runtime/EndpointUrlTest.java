package dev.feast.aws.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.runtime.http.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The online store's endpoint_url, through the clients of production. */
class EndpointUrlTest {

  /** As the environment has them; S3's place is said, DynamoDB's only in feature_store.yaml. */
  private final Map<String, String> sdkSettings = new HashMap<>();

  private TestStore store;

  @BeforeEach
  void startStore(@TempDir Path folder) throws Exception {
    store = TestStore.start("feast-0.67", folder);
    sdkSettings.put("aws.accessKeyId", "test");
    sdkSettings.put("aws.secretAccessKey", "test");
    sdkSettings.put("aws.endpointUrlS3", store.aws().endpoint().toString());
    sdkSettings.forEach(System::setProperty);
  }

  @AfterEach
  void stopStore() {
    sdkSettings.keySet().forEach(System::clearProperty);
    store.close();
  }

  @Test
  void readsFromTheEndpointThatTheOnlineStoreNames() throws Exception {
    String yaml =
        TestStore.yaml("feast-0.67")
            .replace(
                "  region: us-west-2\n",
                "  region: us-west-2\n  endpoint_url: " + store.aws().endpoint() + "\n");
    try (FeatureServer server = FeatureServer.of(yaml, Map.of("AWS_REGION", "us-west-2"))) {
      Answer answer =
          TestStore.post(
              server,
              "/get-online-features",
              """
              {"features": ["driver_hourly_stats:conv_rate"], "entities": {"driver_id": [1001]}}
              """);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8))
          .contains("0.025330161675810814");
    }
  }
}
