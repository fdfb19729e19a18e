package dev.feast.aws.localaws.iam;

import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What conditions may ask about a call: values by condition key, whose case does not matter. */
final class Context {
  /** The keys that local-aws gives values to. */
  private static final Set<String> KEYS =
      Set.of(
          "aws:requestedregion",
          "aws:principalarn",
          "aws:principalaccount",
          "aws:tagkeys",
          "aws:sourceaccount",
          "iam:passedtoservice",
          "s3:prefix",
          "sts:externalid",
          "sts:rolesessionname");

  private static final List<String> TAGS = List.of("aws:requesttag/", "aws:resourcetag/");

  /** Of an OpenID Connect provider's token; the provider stands before the colon. */
  private static final List<String> CLAIMS = List.of(":aud", ":sub");

  private final Map<String, List<String>> values = new TreeMap<>();

  private Context() {}

  static Context of(Caller caller, String principalArn, Permission permission) {
    var context = new Context();
    context.put("aws:RequestedRegion", List.of(caller.region()));
    context.put("aws:PrincipalArn", List.of(principalArn));
    context.put("aws:PrincipalAccount", List.of(caller.accountId()));
    permission.context().forEach(context::put);
    return context;
  }

  static Context of(Map<String, String> values) {
    var context = new Context();
    values.forEach((key, value) -> context.put(key, List.of(value)));
    return context;
  }

  private void put(String key, List<String> value) {
    values.put(key.toLowerCase(Locale.ROOT), value);
  }

  /** Empty where this call has no such key. */
  List<String> get(String key) {
    return values.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
  }

  /**
   * A key that no call ever has would never match, and a denial with it would deny nothing.
   *
   * @throws IllegalArgumentException for a key that local-aws gives no values to
   */
  static void checkKnown(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (!KEYS.contains(lower)
        && TAGS.stream().noneMatch(lower::startsWith)
        && CLAIMS.stream().noneMatch(lower::endsWith)) {
      throw new IllegalArgumentException(
          "Condition key %s is none that local-aws knows; it knows %s, %s… and an identity provider's %s"
              .formatted(key, new java.util.TreeSet<>(KEYS), String.join("…, ", TAGS), CLAIMS));
    }
  }
}
