package dev.feast.aws.localaws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may have the keys of a role. */
record TrustPolicy(List<Entry> entries) {
  private static final Set<String> MEMBERS =
      Set.of("Sid", "Effect", "Principal", "Action", "Condition");
  private static final Set<String> KINDS = Set.of("AWS", "Service", "Federated");

  /** How far a trust policy lets somebody in. */
  enum Verdict {
    DENIED,
    NOT_NAMED,
    /** It names their account, whose own policies decide. */
    ACCOUNT,
    /** It names them. */
    NAMED
  }

  /** One statement; a kind of principal with its names. */
  record Entry(
      boolean allows,
      Map<String, List<String>> principals,
      List<Glob> actions,
      List<Condition> conditions) {}

  static TrustPolicy of(JsonNode json) {
    return new TrustPolicy(
        Policy.statements("The trust policy", json).stream().map(TrustPolicy::entry).toList());
  }

  private static Entry entry(JsonNode json) {
    PolicyJson.object("The trust policy's statement", json, MEMBERS);
    return new Entry(
        Statement.effect(json),
        principals(json.path("Principal")),
        PolicyJson.texts("Action", json.path("Action")).stream().map(Glob::ignoringCase).toList(),
        Condition.parse(json.path("Condition")));
  }

  private static Map<String, List<String>> principals(JsonNode json) {
    if (json.asText().equals("*")) {
      return Map.of("AWS", List.of("*"));
    }
    PolicyJson.object("Principal", json, KINDS);
    var principals = new java.util.TreeMap<String, List<String>>();
    json.properties()
        .forEach(
            kind -> principals.put(kind.getKey(), PolicyJson.texts("Principal", kind.getValue())));
    return principals;
  }

  Verdict decide(String action, Principal who, Context context) {
    var best = Verdict.NOT_NAMED;
    for (Entry entry : entries) {
      Verdict verdict = names(entry, who);
      if (verdict == Verdict.NOT_NAMED
          || entry.actions.stream().noneMatch(glob -> glob.matches(action))
          || !entry.conditions.stream().allMatch(condition -> condition.holds(context))) {
        continue;
      }
      if (!entry.allows) {
        return Verdict.DENIED;
      }
      best = best.compareTo(verdict) < 0 ? verdict : best;
    }
    return best;
  }

  private static Verdict names(Entry entry, Principal who) {
    return switch (who) {
      case Principal.Service(String name) -> named(entry, "Service", List.of(name));
      case Principal.Federated(String provider) -> named(entry, "Federated", List.of(provider));
      case Principal.Signed(var caller, String arn) -> {
        Verdict verdict = named(entry, "AWS", List.of(caller.principalArn(), arn, "*"));
        yield verdict == Verdict.NAMED && !isRoot(caller.principalArn())
            ? verdict
            : account(entry, caller.accountId());
      }
    };
  }

  private static boolean isRoot(String arn) {
    return arn.endsWith(":root");
  }

  private static Verdict account(Entry entry, String account) {
    return entry.principals.getOrDefault("AWS", List.of()).stream()
            .anyMatch(
                name ->
                    name.equals("*")
                        || name.equals(account)
                        || name.matches("arn:aws[a-z-]*:iam::" + account + ":root"))
        ? Verdict.ACCOUNT
        : Verdict.NOT_NAMED;
  }

  private static Verdict named(Entry entry, String kind, List<String> names) {
    return entry.principals.getOrDefault(kind, List.of()).stream().anyMatch(names::contains)
        ? Verdict.NAMED
        : Verdict.NOT_NAMED;
  }
}
