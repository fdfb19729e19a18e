package dev.feast.aws.runtime.config;

import dev.feast.aws.runtime.config.FeatureStoreConfig.OnlineStoreConfig;
import dev.feast.aws.runtime.config.FeatureStoreConfig.RegistryLocation;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads feature_store.yaml as Feast does: environment variables first, then YAML 1.1 as PyYAML
 * understands it ({@code True}, {@code yes}).
 */
public final class FeatureStoreYaml {

  /** Feast's default; there, too, zero means for ever. */
  private static final int DEFAULT_CACHE_TTL_SECONDS = 600;

  /** What one BatchGetItem takes. */
  private static final int MAX_BATCH_SIZE = 100;

  private static final String S3 = "s3://";

  private FeatureStoreYaml() {}

  /**
   * @param environment what <code>${VAR}</code> is filled in from, and the region where the YAML
   *     has none
   */
  public static FeatureStoreConfig parse(String yaml, Map<String, String> environment)
      throws ConfigException {
    var root = new YamlMap("", load(EnvironmentVariables.expand(yaml, environment)));
    String project = root.requiredText("project");
    return new FeatureStoreConfig(
        project, registry(root), onlineStore(root, project, environment), entityKeyVersion(root));
  }

  private static Map<?, ?> load(String yaml) throws ConfigException {
    Object root;
    try {
      root = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    } catch (YAMLException e) {
      throw new ConfigException("feature_store.yaml is not YAML: " + e.getMessage(), e);
    }
    if (root instanceof Map<?, ?> map) {
      return map;
    }
    throw new ConfigException("feature_store.yaml holds no keys");
  }

  private static RegistryLocation registry(YamlMap root) throws ConfigException {
    String path;
    int ttl = DEFAULT_CACHE_TTL_SECONDS;
    boolean versioning = false;
    String key = "registry";
    if (root.map(key) instanceof YamlMap registry) {
      key = "registry.path";
      path = registry.requiredText("path");
      ttl = registry.integer("cache_ttl_seconds", DEFAULT_CACHE_TTL_SECONDS);
      if (ttl < 0) {
        throw new ConfigException("registry.cache_ttl_seconds is " + ttl + "; 0 means for ever");
      }
      versioning = registry.bool("enable_online_feature_view_versioning", false);
    } else {
      path = root.requiredText(key);
    }
    int slash = path.startsWith(S3) ? path.indexOf('/', S3.length()) : -1;
    if (slash <= S3.length() || slash == path.length() - 1) {
      throw new ConfigException(
          key + " holds " + path + "; the registry has to lie on S3, as s3://bucket/key");
    }
    return new RegistryLocation(
        path.substring(S3.length(), slash),
        path.substring(slash + 1),
        Duration.ofSeconds(ttl),
        versioning);
  }

  private static OnlineStoreConfig onlineStore(
      YamlMap root, String project, Map<String, String> environment) throws ConfigException {
    if (root.text("online_store") instanceof String type) {
      throw new ConfigException(
          "online_store holds " + type + "; needed is a map with type: dynamodb and a region");
    }
    YamlMap store =
        root.map("online_store") instanceof YamlMap map ? map : YamlMap.empty("online_store");
    // With provider aws, DynamoDB is the default.
    String type = store.text("type") instanceof String text ? text : "dynamodb";
    if (!type.equals("dynamodb")) {
      throw new ConfigException("online_store.type is " + type + "; only dynamodb is served");
    }
    int batchSize = store.integer("batch_size", MAX_BATCH_SIZE);
    if (batchSize < 1) {
      throw new ConfigException("online_store.batch_size is " + batchSize + "; 1 to 100 will do");
    }
    String template = store.text("table_name_template");
    return new OnlineStoreConfig(
        region(store, environment),
        TableNames.of(template == null ? TableNames.DEFAULT : template, project),
        Math.min(batchSize, MAX_BATCH_SIZE),
        store.bool("consistent_reads", false),
        endpoint(store));
  }

  private static String region(YamlMap store, Map<String, String> environment)
      throws ConfigException {
    String region = store.text("region");
    if (region == null) {
      region = environment.getOrDefault("AWS_REGION", environment.get("AWS_DEFAULT_REGION"));
    }
    if (region == null) {
      throw new ConfigException("online_store.region is missing");
    }
    return region;
  }

  private static @Nullable URI endpoint(YamlMap store) throws ConfigException {
    String url = store.text("endpoint_url");
    if (url == null) {
      return null;
    }
    try {
      URI uri = URI.create(url);
      if (uri.getScheme() != null && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new ConfigException("online_store.endpoint_url holds " + url + ", which is not a URL");
  }

  private static @Nullable Integer entityKeyVersion(YamlMap root) throws ConfigException {
    String key = "entity_key_serialization_version";
    if (!root.has(key)) {
      return null;
    }
    int version = root.integer(key, 0);
    if (version < 0 || version > 3) {
      throw new ConfigException(key + " is " + version + "; there are 1, 2 and 3");
    }
    // Feast reads 0 as 1.
    return Math.max(version, 1);
  }
}
