package dev.feast.aws.operator.validation;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a spec only refers to. Its text form shows nothing of it: both may be from Secrets.
 *
 * @param featureStoreYaml null where the spec itself holds it
 * @param apiKeys the decoded entries of the Secret with the API keys; null where the spec names
 *     none
 */
public record Referenced(@Nullable String featureStoreYaml, @Nullable Map<String, String> apiKeys) {
  public static final Referenced NOTHING = new Referenced(null, null);

  @Override
  public String toString() {
    return "Referenced[***]";
  }
}
