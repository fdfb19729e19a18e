package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.Authorization;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What the Feast SDK has to know of a feature store beside the endpoint.
 *
 * @param project Feast project
 * @param registry URL of the registry, in which the SDK looks up what it is asked for
 */
record ClientStore(String project, String registry) {
  /** The environment variable in which the SDK finds an API key or a token. */
  static final String TOKEN_VARIABLE = "FEATURE_SERVER_TOKEN";

  /**
   * The feature_store.yaml of a client, as Feast 0.67 reads it.
   *
   * @param endpoint base URL of the feature server
   * @param authorization None, APIKey or JWT: the SDK signs nothing for IAM
   */
  String yaml(String endpoint, Authorization authorization) {
    Map<String, Object> store = new LinkedHashMap<>();
    store.put("project", project);
    store.put("provider", "local");
    store.put("registry", registry);
    // The SDK reads columns, whatever spec.serving.responseFormat is.
    store.put("online_store", ordered("type", "remote", "path", endpoint + "/v2"));
    if (authorization != Authorization.None) {
      // It sends what is in the variable as a bearer, be it a token or a key.
      store.put("auth", ordered("type", "oidc", "token_env_var", TOKEN_VARIABLE));
    }
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return new Yaml(options).dump(store);
  }

  private static Map<String, Object> ordered(String key, String value, String next, String its) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    map.put(next, its);
    return map;
  }
}
