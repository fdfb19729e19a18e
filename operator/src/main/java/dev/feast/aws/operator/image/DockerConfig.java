package dev.feast.aws.operator.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;

/**
 * What a Secret of type kubernetes.io/dockerconfigjson holds under {@code .dockerconfigjson}: for
 * each registry the credentials that {@code docker login} or {@code kubectl create secret
 * docker-registry} wrote.
 */
public record DockerConfig(Map<String, Credentials.Basic> byRegistry) {
  /** The name under which Docker keeps what belongs to Docker Hub. */
  private static final String DOCKER_HUB_ENTRY = "index.docker.io";

  private static final ObjectMapper JSON = new ObjectMapper();

  public DockerConfig {
    byRegistry = Map.copyOf(byRegistry);
  }

  /**
   * @throws IllegalArgumentException where the text is no such JSON; the message has nothing of the
   *     text in it
   */
  public static DockerConfig parse(String json) {
    JsonNode auths;
    try {
      auths = JSON.readTree(json).path("auths");
    } catch (JsonProcessingException _) {
      throw new IllegalArgumentException("it is no JSON");
    }
    if (!auths.isObject()) {
      throw new IllegalArgumentException("it has no object auths");
    }
    Map<String, Credentials.Basic> byRegistry = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : auths.properties()) {
      byRegistry.put(host(entry.getKey()), credentials(entry.getKey(), entry.getValue()));
    }
    return new DockerConfig(byRegistry);
  }

  /** The credentials for a registry as it is named in image references; anonymous without any. */
  public Credentials forRegistry(String registry) {
    Credentials.Basic found =
        byRegistry.get(registry.equals("docker.io") ? DOCKER_HUB_ENTRY : registry);
    if (found == null) {
      found = byRegistry.get(registry);
    }
    return found == null ? new Credentials.Anonymous() : found;
  }

  private static Credentials.Basic credentials(String registry, JsonNode entry) {
    String auth = entry.path("auth").asText("");
    try {
      return auth.isEmpty()
          ? new Credentials.Basic(
              entry.path("username").asText(""), entry.path("password").asText(""))
          : Credentials.Basic.ofBase64(auth);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException(
          "its auth for " + registry + " is not base64 of username:password");
    }
  }

  /** Keys are hosts, or URLs such as {@code https://index.docker.io/v1/}. */
  private static String host(String key) {
    String withoutScheme = key.replaceFirst("^https?://", "");
    int slash = withoutScheme.indexOf('/');
    return slash < 0 ? withoutScheme : withoutScheme.substring(0, slash);
  }
}
