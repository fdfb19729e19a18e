package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Lambda;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.Claim;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.FeastAlpha;
import dev.feast.aws.operator.model.Former;
import dev.feast.aws.operator.model.Former.Remains;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.model.Owner;
import dev.feast.aws.operator.model.Ownership;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.model.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the API that a FeatureServer is asked to adopt, and what an adopted one led to before. Only
 * reads.
 */
public final class Adoptions {
  private Adoptions() {}

  /** What came of looking for it. */
  public sealed interface Found {
    /** Go on: with the claim of an API, or with one that is ours already. */
    record Ready(ObservedStack observed) implements Found {}

    /**
     * It cannot be done as it is asked for.
     *
     * @param reason one word in CamelCase for programs
     * @param message a sentence for people: what was found and what to do
     */
    record Refused(String reason, String message) implements Found {}
  }

  /**
   * Looks for what is to be adopted.
   *
   * @param observed of the FeatureServer itself, which the status knows no API of
   */
  public static Found find(
      AwsRegion aws, DesiredStack desired, Adoption adoption, ObservedStack observed) {
    ObservedStack known =
        observed.api() == null
            ? Observer.observeApis(aws, desired.owner(), observed, desired.optionalParts())
            : observed;
    return known.api() == null
        ? claim(aws, desired, adoption, known)
        : check(adoption, known.api())
            .<Found>map(refused -> refused)
            .orElseGet(() -> new Found.Ready(known));
  }

  /** Whether a claim of that API was made, though nobody saw what came of it. */
  public static boolean isClaimed(AwsRegion aws, Owner owner, String apiId) {
    return aws.apiGateway()
        .find(apiId)
        .filter(api -> Tags.ownership(api.tags(), owner) instanceof Ownership.Ours)
        .isPresent();
  }

  /** What keeps a FeatureServer with that API from adopting another. */
  private static Optional<Found.Refused> check(Adoption adoption, Api own) {
    return adoption.isDoneBy(own)
        ? Optional.empty()
        : Optional.of(
            new Found.Refused(
                "AdoptionConflict",
                ("%s asks for another API, but this FeatureServer has one already: %s, %s. Remove"
                        + " the annotation to stay with it; or delete this FeatureServer, which"
                        + " ends that URL, and create it anew with the annotation.")
                    .formatted(annotation(adoption), own.id(), own.endpoint())));
  }

  private static Found claim(
      AwsRegion aws, DesiredStack desired, Adoption adoption, ObservedStack observed) {
    List<Api> candidates =
        switch (adoption) {
          case Adoption.OfCluster _ -> aws.apiGateway().list();
          case Adoption.OfAlpha(String id) ->
              id == null ? aws.apiGateway().list() : aws.apiGateway().find(id).stream().toList();
        };
    String project = project(desired.tags());
    List<Api> fitting =
        candidates.stream().filter(api -> fits(api, adoption, desired, project)).toList();
    return switch (fitting.size()) {
      case 0 -> nothing(desired, adoption, candidates);
      case 1 ->
          new Found.Ready(observed.withClaim(claim(aws, desired, adoption, fitting.getFirst())));
      default -> several(adoption, fitting);
    };
  }

  private static boolean fits(Api api, Adoption adoption, DesiredStack desired, String project) {
    boolean theirs =
        adoption.isTheirs(api.tags(), desired.owner(), project)
            && project.equals(project(api.tags()));
    return switch (adoption) {
      case Adoption.OfCluster _ -> theirs;
      case Adoption.OfAlpha _ -> theirs && FeastAlpha.isName(api.name(), project);
    };
  }

  private static Found nothing(DesiredStack desired, Adoption adoption, List<Api> candidates) {
    String region = desired.location().region();
    String project = project(desired.tags());
    String found =
        switch (adoption) {
          case Adoption.OfAlpha(String id) when id != null && candidates.isEmpty() ->
              "there is no API %s in %s".formatted(id, region);
          case Adoption.OfAlpha(String id) when id != null ->
              "API %s (%s) is not what Feast's alpha made for the project %s: %s"
                  .formatted(
                      id,
                      candidates.getFirst().name(),
                      project,
                      whose(candidates.getFirst(), desired.owner()));
          case Adoption.OfAlpha _ ->
              ("no API in %s is what Feast's alpha made for the project %s: called"
                      + " %s-%s-VERSION, with the tags feast-owned=True and project=%s and without"
                      + " those of an operator")
                  .formatted(region, project, FeastAlpha.SHARED_REPOSITORY, project, project);
          case Adoption.OfCluster cluster ->
              "no API in %s belongs to FeatureServer %s/%s of the cluster %s and the project %s"
                  .formatted(
                      region,
                      desired.owner().namespace(),
                      desired.owner().name(),
                      cluster.clusterId(),
                      project);
        };
    return new Found.Refused(
        "NothingToAdopt",
        ("%s: %s. Nothing is made. Correct the annotation, or remove it to have a new API made.")
            .formatted(annotation(adoption), found));
  }

  private static Found several(Adoption adoption, List<Api> fitting) {
    String names =
        fitting.stream()
            .map(api -> "%s (%s)".formatted(api.id(), api.name()))
            .collect(Collectors.joining(", "));
    return new Found.Refused(
        "SeveralToAdopt",
        switch (adoption) {
          case Adoption.OfAlpha _ ->
              "%s: there are several: %s. Name one of them: %s: %s/%s."
                  .formatted(
                      annotation(adoption),
                      names,
                      Adoption.ANNOTATION,
                      Adoption.ALPHA,
                      fitting.getFirst().id());
          case Adoption.OfCluster _ ->
              "%s: there are several: %s. Delete those that nobody calls."
                  .formatted(annotation(adoption), names);
        });
  }

  private static Claim claim(AwsRegion aws, DesiredStack desired, Adoption adoption, Api api) {
    Owner owner = desired.owner();
    String project = project(desired.tags());
    String function =
        switch (adoption) {
          case Adoption.OfAlpha _ -> api.name();
          case Adoption.OfCluster cluster -> StackName.of(cluster.former(owner));
        };
    String repository = repository(aws, adoption, function);
    return new Claim(
        Observer.complete(aws, api, desired.optionalParts()),
        Tags.claiming(desired.tags(), api.tags(), adoption, function, repository),
        former(aws, owner, project, adoption, function, repository),
        whose(api, owner));
  }

  /** The repository that is to go with the function; null where none is known. */
  private static @Nullable String repository(AwsRegion aws, Adoption adoption, String function) {
    return switch (adoption) {
      case Adoption.OfCluster _ -> function;
      case Adoption.OfAlpha _ -> {
        String image = aws.lambda().find(function).map(f -> f.configuration().image()).orElse("");
        yield Stream.of(function, FeastAlpha.SHARED_REPOSITORY)
            .filter(FeastAlpha::mayHaveRepository)
            .filter(name -> aws.ecr().find(name).filter(found -> found.holds(image)).isPresent())
            .findFirst()
            .orElse(null);
      }
    };
  }

  /** What the API led to before, as its tags tell; null where it is not being adopted. */
  static @Nullable Former former(AwsRegion aws, Owner owner, Api api) {
    String function = api.tags().get(Tags.ADOPTED);
    Optional<Adoption> adoption = Adoption.parse(api.tags().getOrDefault(Tags.ADOPTED_FROM, ""));
    return function == null || adoption.isEmpty()
        ? null
        : former(
            aws,
            owner,
            project(api.tags()),
            adoption.get(),
            function,
            api.tags().get(Tags.ADOPTED_REPOSITORY));
  }

  private static Former former(
      AwsRegion aws,
      Owner owner,
      String project,
      Adoption adoption,
      String function,
      @Nullable String repository) {
    return new Former(
        function(aws, owner, project, adoption, function),
        repository == null ? null : repository(aws, owner, project, adoption, repository),
        false,
        false);
  }

  private static Remains function(
      AwsRegion aws, Owner owner, String project, Adoption adoption, String name) {
    Optional<Lambda.Described> found = aws.lambda().find(name);
    if (found.isEmpty()) {
      return Remains.gone(name);
    }
    return adoption.isTheirs(found.get().tags(), owner, project)
        ? Remains.toRemove(name)
        : Remains.kept(name, "its tags are not those of the API's former owner");
  }

  private static Remains repository(
      AwsRegion aws, Owner owner, String project, Adoption adoption, String name) {
    Optional<Repository> found = aws.ecr().find(name);
    if (found.isEmpty()) {
      return Remains.gone(name);
    }
    if (name.equals(FeastAlpha.SHARED_REPOSITORY)) {
      return Remains.kept(
          name, "Feast's alpha kept the images of all projects there, so that others may need it");
    }
    Map<String, String> tags = aws.ecr().tags(found.get().arn());
    boolean theirs =
        switch (adoption) {
          case Adoption.OfAlpha _ -> tags.isEmpty(); // It set none.
          case Adoption.OfCluster _ -> adoption.isTheirs(tags, owner, project);
        };
    return theirs
        ? Remains.toRemove(name)
        : Remains.kept(name, "its tags are not those of the API's former owner");
  }

  private static String whose(Api api, Owner owner) {
    return switch (Tags.ownership(api.tags(), owner)) {
      case Ownership.Ours() -> "it is this FeatureServer's";
      case Ownership.Foreign(String whose) -> whose;
    };
  }

  private static String project(Map<String, String> tags) {
    return tags.getOrDefault(Tags.PROJECT, "");
  }

  private static String annotation(Adoption adoption) {
    return "The annotation %s: %s".formatted(Adoption.ANNOTATION, adoption.text());
  }
}
