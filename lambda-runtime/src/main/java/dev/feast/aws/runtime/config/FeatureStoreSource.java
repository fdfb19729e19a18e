package dev.feast.aws.runtime.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The environment variables that carry feature_store.yaml, verbatim. */
public final class FeatureStoreSource {

  static final String PLAIN = "FEATURE_STORE_YAML_BASE64";

  /** Used where the plain one would not fit Lambda's 4 KB of environment. */
  static final String COMPRESSED = "FEATURE_STORE_YAML_GZIP_BASE64";

  /** Compressed or not, no honest feature_store.yaml comes near it. */
  private static final int MAX_BYTES = 1 << 20;

  private FeatureStoreSource() {}

  /** Returns the YAML, or nothing where neither variable is set. */
  public static Optional<String> yaml(Map<String, String> environment) throws ConfigException {
    if (environment.get(PLAIN) instanceof String plain) {
      return Optional.of(new String(decode(PLAIN, plain), StandardCharsets.UTF_8));
    }
    if (environment.get(COMPRESSED) instanceof String compressed) {
      return Optional.of(decompress(decode(COMPRESSED, compressed)));
    }
    return Optional.empty();
  }

  /** As {@link #yaml}, for where there is no other place to look. */
  public static String requiredYaml(Map<String, String> environment) throws ConfigException {
    return yaml(environment)
        .orElseThrow(
            () ->
                new ConfigException(
                    "there is no feature_store.yaml: neither "
                        + PLAIN
                        + " nor "
                        + COMPRESSED
                        + " is set"));
  }

  private static byte[] decode(String name, String base64) throws ConfigException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(name + " is not base64: " + e.getMessage(), e);
    }
  }

  private static String decompress(byte[] gzip) throws ConfigException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      byte[] yaml = in.readNBytes(MAX_BYTES + 1);
      if (yaml.length > MAX_BYTES) {
        throw new ConfigException(COMPRESSED + " holds more than " + MAX_BYTES + " bytes");
      }
      return new String(yaml, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(COMPRESSED + " is not gzip: " + e.getMessage(), e);
    }
  }
}
