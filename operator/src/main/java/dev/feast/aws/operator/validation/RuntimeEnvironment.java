package dev.feast.aws.operator.validation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.api.v1alpha1.ServingSpec;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.ApiKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The function's environment: the feature_store.yaml in base64, compressed where it would not fit
 * otherwise, the runtime's settings, and the user's own variables.
 */
public sealed interface RuntimeEnvironment {
  /** The feature_store.yaml in base64; Feast's own servers read the same variable. */
  String FEATURE_STORE_YAML = "FEATURE_STORE_YAML_BASE64";

  /** The feature_store.yaml, gzipped, in base64. */
  String FEATURE_STORE_YAML_GZIP = "FEATURE_STORE_YAML_GZIP_BASE64";

  /** What starts with this is between the operator and its runtime. */
  String OWN_PREFIX = "FEATURE_SERVER_";

  /** {@code spec.serving} as JSON, with all defaults filled in. */
  String SERVING = OWN_PREFIX + "SERVING";

  /**
   * What Lambda sets itself and refuses in a function's configuration: "Defined runtime environment
   * variables", reserved ones, in the AWS Lambda developer guide.
   */
  Set<String> RESERVED_BY_LAMBDA =
      Set.of(
          "_HANDLER",
          "_X_AMZN_TRACE_ID",
          "AWS_ACCESS_KEY",
          "AWS_ACCESS_KEY_ID",
          "AWS_DEFAULT_REGION",
          "AWS_EXECUTION_ENV",
          "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
          "AWS_LAMBDA_FUNCTION_NAME",
          "AWS_LAMBDA_FUNCTION_VERSION",
          "AWS_LAMBDA_INITIALIZATION_TYPE",
          "AWS_LAMBDA_LOG_GROUP_NAME",
          "AWS_LAMBDA_LOG_STREAM_NAME",
          "AWS_LAMBDA_RUNTIME_API",
          "AWS_REGION",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "LAMBDA_RUNTIME_DIR",
          "LAMBDA_TASK_ROOT");

  /** Lambda's limit for all variables together, measured as {@link #size} does. */
  int MAX_BYTES = 4_096;

  /**
   * @param variables ordered by name
   */
  record Fits(Map<String, String> variables) implements RuntimeEnvironment {}

  /**
   * @param plainBytes size with the feature_store.yaml as it is
   * @param compressedBytes size with the feature_store.yaml compressed
   */
  record TooLarge(int plainBytes, int compressedBytes) implements RuntimeEnvironment {}

  /**
   * The runtime's settings.
   *
   * @param access null where it is not known, after a mistake
   */
  static Map<String, String> settings(ServingSpec serving, @Nullable Access access) {
    Map<String, String> settings = new TreeMap<>();
    settings.put(
        SERVING,
        JsonNodeFactory.instance
            .objectNode()
            .put("responseFormat", serving.responseFormat().name())
            .put("staleFeatures", serving.staleFeatures().name())
            .put("maxRows", serving.maxRows())
            .toString());
    if (access instanceof Access.ByApiKey byApiKey) {
      settings.put(
          ApiKey.DIGESTS,
          byApiKey.keys().stream()
              .map(ApiKey::sha256)
              .distinct()
              .sorted() // A renamed entry of the Secret is no new version.
              .collect(Collectors.joining(",")));
    }
    return settings;
  }

  /**
   * The whole of it.
   *
   * @param variables all but the feature_store.yaml
   */
  static RuntimeEnvironment of(String featureStoreYaml, Map<String, String> variables) {
    byte[] text = featureStoreYaml.getBytes(StandardCharsets.UTF_8);
    Map<String, String> plain = with(variables, FEATURE_STORE_YAML, text);
    if (size(plain) <= MAX_BYTES) {
      return new Fits(plain);
    }
    Map<String, String> compressed = with(variables, FEATURE_STORE_YAML_GZIP, Gzip.compress(text));
    if (size(compressed) <= MAX_BYTES) {
      return new Fits(compressed);
    }
    return new TooLarge(size(plain), size(compressed));
  }

  /** Whether the name is Lambda's, or the operator's and its runtime's. */
  static boolean isReserved(String name) {
    return RESERVED_BY_LAMBDA.contains(name)
        || name.equals(FEATURE_STORE_YAML)
        || name.equals(FEATURE_STORE_YAML_GZIP)
        || name.startsWith(OWN_PREFIX);
  }

  /** What Lambda measures: the bytes in UTF-8 of the map as compact JSON. */
  static int size(Map<String, String> variables) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    variables.forEach(json::put);
    return json.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static Map<String, String> with(
      Map<String, String> variables, String name, byte[] value) {
    Map<String, String> all = new TreeMap<>(variables);
    all.put(name, Base64.getEncoder().encodeToString(value));
    return Collections.unmodifiableMap(all);
  }
}
