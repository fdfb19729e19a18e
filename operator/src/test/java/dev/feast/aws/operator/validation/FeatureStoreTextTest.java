package dev.feast.aws.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.api.v1alpha1.FeatureStore;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class FeatureStoreTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void isTheSameInWhateverOrderTheKeysCome() throws JsonProcessingException {
    String text =
        FeatureStoreText.of(
            store(
                """
                {"zebra": 1, "provider": "aws", "project": "dev", "registry": "s3://b/k",
                 "online_store": {"table_name_template": "t", "region": "us-west-2"}, "alpha": {"b": 1, "a": 2}}
                """));

    assertThat(text)
        .isEqualTo(
            """
            alpha:
              a: 2
              b: 1
            online_store:
              region: us-west-2
              table_name_template: t
            project: dev
            provider: aws
            registry: s3://b/k
            zebra: 1
            """)
        .isEqualTo(
            FeatureStoreText.of(
                store(
                    """
                    {"alpha": {"a": 2, "b": 1}, "project": "dev", "registry": "s3://b/k", "provider": "aws",
                     "online_store": {"region": "us-west-2", "table_name_template": "t"}, "zebra": 1}
                    """)));
  }

  @Test
  void leavesVariablesUnquotedSoThatTheyCanBecomeNumbers() throws JsonProcessingException {
    String text =
        FeatureStoreText.of(
            store("{\"registry\": {\"path\": \"${R}\", \"cache_ttl_seconds\": \"${TTL}\"}}"));

    assertThat(text).contains("cache_ttl_seconds: ${TTL}\n").contains("path: ${R}\n");
  }

  @Property
  void isReadAsWhatTheObjectSays(@ForAll("values") Object value) throws JsonProcessingException {
    FeatureStore store = store(JSON.writeValueAsString(Map.of("project", "dev", "other", value)));

    Object read =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(FeatureStoreText.of(store));

    assertThat((JsonNode) JSON.valueToTree(read)).isEqualTo(JSON.valueToTree(store));
  }

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.of(
                "yes",
                "True",
                "~",
                "null",
                "1",
                "010",
                "1e3",
                "1:30",
                "2024-01-01",
                "",
                " x ",
                "{a}",
                "a: b",
                "# c",
                "é€",
                "x\ny"),
            Arbitraries.strings().ascii().ofMaxLength(30),
            Arbitraries.integers(),
            Arbitraries.of(true, false));
    return Arbitraries.lazyOf(
        () -> leaf,
        () -> leaf.list().ofMaxSize(3).map(list -> (Object) List.copyOf(list)),
        () ->
            Arbitraries.maps(Arbitraries.strings().ascii().ofMaxLength(8), leaf)
                .ofMaxSize(3)
                .map(map -> (Object) Map.copyOf(map)));
  }

  private static FeatureStore store(String json) throws JsonProcessingException {
    return JSON.readValue(json, FeatureStore.class);
  }
}
