package dev.feast.aws.localaws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.spi.Permission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One statement of a role's policy. */
record Statement(boolean allows, Names actions, Names resources, List<Condition> conditions) {
  private static final Set<String> MEMBERS =
      Set.of("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition");
  private static final Pattern ACTION = Pattern.compile("\\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+");
  private static final Pattern RESOURCE = Pattern.compile("\\*|arn:([^:]*:){4}.+");

  /**
   * What a statement is about.
   *
   * @param others whether it is about all others than these ({@code NotAction}, {@code
   *     NotResource})
   */
  record Names(List<Glob> globs, boolean others) {
    /** The pattern because of which a name is meant; {@code *} where it is one of the others. */
    Optional<String> match(String name) {
      Optional<String> found =
          globs.stream().filter(glob -> glob.matches(name)).map(Glob::text).findFirst();
      return others ? found.isPresent() ? Optional.empty() : Optional.of("*") : found;
    }
  }

  static Statement parse(JsonNode json) {
    PolicyJson.object("The statement", json, MEMBERS);
    return new Statement(
        effect(json),
        names(json, "Action", ACTION, Glob::ignoringCase),
        names(json, "Resource", RESOURCE, Glob::of),
        Condition.parse(json.path("Condition")));
  }

  static boolean effect(JsonNode json) {
    String effect = json.path("Effect").asText();
    if (!effect.equals("Allow") && !effect.equals("Deny")) {
      throw new IllegalArgumentException("Effect is '" + effect + "'; it has to be Allow or Deny");
    }
    return effect.equals("Allow");
  }

  private static Names names(
      JsonNode json, String member, Pattern form, Function<String, Glob> glob) {
    boolean others = json.has("Not" + member);
    if (others == json.has(member)) {
      throw new IllegalArgumentException(
          "A statement needs either %s or Not%s".formatted(member, member));
    }
    List<String> texts = PolicyJson.texts(member, json.path(others ? "Not" + member : member));
    for (String text : texts) {
      if (!form.matcher(text).matches() || text.contains("${")) {
        throw new IllegalArgumentException(
            "%s has '%s', which is not of the form %s%s"
                .formatted(
                    member,
                    text,
                    form,
                    text.contains("${") ? "; local-aws has no policy variables" : ""));
      }
    }
    return new Names(texts.stream().map(glob).toList(), others);
  }

  /** Whether the statement is about that permission, and by which of its patterns. */
  Optional<Grant> match(Permission permission, Context context) {
    Optional<String> action = actions.match(permission.action());
    Optional<String> resource = resources.match(permission.resource());
    return action.isPresent()
            && resource.isPresent()
            && conditions.stream().allMatch(condition -> condition.holds(context))
        ? Optional.of(new Grant(action.get(), resource.get()))
        : Optional.empty();
  }

  /** All that it allows; nothing for a statement that denies. */
  Stream<Grant> grants() {
    return allows
        ? texts(actions)
            .flatMap(action -> texts(resources).map(resource -> new Grant(action, resource)))
        : Stream.empty();
  }

  private static Stream<String> texts(Names names) {
    return names.others ? Stream.of("*") : names.globs.stream().map(Glob::text);
  }
}
