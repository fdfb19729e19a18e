package dev.feast.aws.operator.model;

import dev.feast.aws.operator.model.ObservedStack.Api;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose API a FeatureServer is asked to take over, with its id and so its URL. */
public sealed interface Adoption {
  /** The annotation that asks for it. */
  String ANNOTATION = "aws.feast.dev/adopt";

  /** What the annotation may hold, for messages. */
  String FORMS = "feast-alpha, feast-alpha/<API id> or cluster/<cluster id>";

  String ALPHA = "feast-alpha";
  String CLUSTER = "cluster/";
  Pattern FORM =
      Pattern.compile(
          ALPHA
              + "(?:/(?<api>[a-z0-9]{1,64}))?|"
              + CLUSTER
              + "(?<cluster>[A-Za-z0-9._:/=+@-]{1,128})");

  /** As the annotation has it; the API keeps it in the tag {@link Tags#ADOPTED_FROM}. */
  String text();

  /**
   * Whether an API that was adopted is one that it asks for.
   *
   * @param from what the annotation held then
   */
  boolean isDoneBy(String from, String apiId);

  /** Whether that API is one that it asks for, adopted already. */
  default boolean isDoneBy(Api api) {
    return isDoneBy(api.tags().getOrDefault(Tags.ADOPTED_FROM, ""), api.id());
  }

  /**
   * Whether function and repository with these tags are the former owner's.
   *
   * @param owner who adopts
   */
  boolean isTheirs(Map<String, String> tags, Owner owner, String project);

  /**
   * The API of a FeatureServer of the same namespace and name in another cluster.
   *
   * @param clusterId as that cluster's operator writes it into tags
   */
  record OfCluster(String clusterId) implements Adoption {
    @Override
    public String text() {
      return CLUSTER + clusterId;
    }

    @Override
    public boolean isDoneBy(String from, String apiId) {
      return text().equals(from);
    }

    @Override
    public boolean isTheirs(Map<String, String> tags, Owner owner, String project) {
      // Never its own: what it led to before is its own function.
      return !clusterId.equals(owner.clusterId())
          && Tags.ownership(tags, former(owner)) instanceof Ownership.Ours;
    }

    /** The FeatureServer whose API it is now. */
    public Owner former(Owner owner) {
      return new Owner(clusterId, owner.namespace(), owner.name(), "");
    }
  }

  /**
   * The API that Feast's own Lambda feature server made.
   *
   * @param apiId null: the only one of the project
   */
  record OfAlpha(@Nullable String apiId) implements Adoption {
    @Override
    public String text() {
      return apiId == null ? ALPHA : ALPHA + "/" + apiId;
    }

    @Override
    public boolean isDoneBy(String from, String id) {
      return apiId == null ? from.startsWith(ALPHA) : id.equals(apiId);
    }

    @Override
    public boolean isTheirs(Map<String, String> tags, Owner owner, String project) {
      return FeastAlpha.made(tags, project);
    }
  }

  /** What a resource with these annotations asks for; null where it asks for nothing. */
  static @Nullable String asked(@Nullable Map<String, String> annotations) {
    return annotations == null ? null : annotations.get(ANNOTATION);
  }

  /** Reads the annotation; empty where it holds something else. */
  static Optional<Adoption> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        matcher.group("cluster") == null
            ? new OfAlpha(matcher.group("api"))
            : new OfCluster(matcher.group("cluster")));
  }
}
