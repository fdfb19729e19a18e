package dev.feast.aws.localaws.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What IAM has to allow for a call: an action on a resource.
 *
 * @param action as AWS's service authorization reference names it, e.g. {@code
 *     lambda:CreateFunction}
 * @param resource an ARN, or {@code *} for actions that are about none
 * @param context what a policy's conditions may ask about this call, by condition key, e.g. {@code
 *     aws:RequestTag/team}
 */
public record Permission(String action, String resource, Map<String, List<String>> context) {
  public Permission {
    context = Map.copyOf(context);
  }

  public static Permission of(String action, String resource) {
    return new Permission(action, resource, Map.of());
  }

  /** The same, with one more value that conditions may ask for. */
  public Permission with(String key, String value) {
    return with(Map.of(key, List.of(value)));
  }

  /** The same, with the tags that the call sets. */
  public Permission settingTags(Map<String, String> tags) {
    return tags.isEmpty()
        ? this
        : with(tags("aws:RequestTag/", tags)).namingTags(List.copyOf(tags.keySet()));
  }

  /** The same, with the keys of the tags that the call sets or removes. */
  public Permission namingTags(List<String> keys) {
    return keys.isEmpty() ? this : with(Map.of("aws:TagKeys", keys));
  }

  /** The same, with the tags that the resource has. */
  public Permission onTagged(Map<String, String> tags) {
    return with(tags("aws:ResourceTag/", tags));
  }

  private static Map<String, List<String>> tags(String prefix, Map<String, String> tags) {
    var context = new TreeMap<String, List<String>>();
    tags.forEach((key, value) -> context.put(prefix + key, List.of(value)));
    return context;
  }

  private Permission with(Map<String, List<String>> more) {
    var all = new TreeMap<String, List<String>>(context);
    more.forEach((key, values) -> all.put(key, new ArrayList<>(values)));
    return new Permission(action, resource, all);
  }
}
