package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Lambda;
import dev.feast.aws.operator.aws.Logs;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ForeignObject;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Alias;
import dev.feast.aws.operator.model.ObservedStack.Api;
import dev.feast.aws.operator.model.ObservedStack.Authorizer;
import dev.feast.aws.operator.model.ObservedStack.Concurrency;
import dev.feast.aws.operator.model.ObservedStack.Function;
import dev.feast.aws.operator.model.ObservedStack.LogGroup;
import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.model.ObservedStack.Route;
import dev.feast.aws.operator.model.ObservedStack.Version;
import dev.feast.aws.operator.model.OptionalPart;
import dev.feast.aws.operator.model.Owner;
import dev.feast.aws.operator.model.Ownership;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.model.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a FeatureServer has in AWS: repository and function by their name, the API by the id
 * in the status, or where that leads nowhere by its tags among all, as soon as one may be needed.
 * Only reads.
 */
public final class Observer {

  /**
   * Reads what there is of a FeatureServer.
   *
   * @param name of repository, function and API
   * @param apiId from the status; null where there is none
   * @param parts what is looked for besides
   */
  public ObservedStack observe(
      AwsRegion aws, Owner owner, String name, @Nullable String apiId, Set<OptionalPart> parts) {
    var foreign = new ArrayList<ForeignObject>();
    Repository repository = repository(aws, owner, name, true, foreign);
    Function function = function(aws, owner, name, parts, foreign);
    List<Api> apis =
        parts.contains(OptionalPart.SECOND_API)
            ? all(aws, owner, apiId, aws.apiGateway().list(), foreign)
            : known(aws, owner, apiId, foreign)
                .orElseGet(() -> isBeforeItsApi(function) ? List.of() : listed(aws, owner));
    return observed(
        aws, owner, parts, repository, function, apis, logGroup(aws, owner, name, parts), foreign);
  }

  /**
   * Finds the API of a FeatureServer by its tags among all, for one that none was found of. The
   * last look before one is created: a pass that died may have made it.
   */
  static ObservedStack observeApis(
      AwsRegion aws, Owner owner, ObservedStack observed, Set<OptionalPart> parts) {
    return observed(
        aws,
        owner,
        parts,
        observed.repository(),
        observed.function(),
        listed(aws, owner),
        observed.logGroup(),
        observed.foreign());
  }

  /**
   * Reads all there is of a FeatureServer that is to be removed. APIs are listed even where one is
   * known: a CreateApi whose answer was lost may have made a second one that no later pass looked
   * for.
   *
   * @param name of repository, function and API
   * @param apiId from the status; null where there is none
   * @param parts what is looked for besides
   */
  public ObservedStack observeAll(
      AwsRegion aws, Owner owner, String name, @Nullable String apiId, Set<OptionalPart> parts) {
    var foreign = new ArrayList<ForeignObject>();
    List<Api> everybodys = aws.apiGateway().list();
    List<Api> apis = all(aws, owner, apiId, everybodys, foreign);
    Repository repository = repository(aws, owner, name, false, foreign);
    // What is provisioned goes with the function.
    Function function = function(aws, owner, name, Set.of(), foreign);
    ObservedStack all =
        observed(
            aws,
            owner,
            parts,
            repository,
            function,
            apis,
            logGroup(aws, owner, name, parts),
            foreign);
    return withoutWhatIsAdopted(everybodys, owner, name, all);
  }

  /**
   * An API that another adopted leads to our function until theirs serves: then they remove it. And
   * what an API of ours led to before is only ours to remove once we serve in its place.
   */
  private static ObservedStack withoutWhatIsAdopted(
      List<Api> everybodys, Owner owner, String name, ObservedStack all) {
    var foreign = new ArrayList<>(all.foreign());
    ObservedStack left = all;
    if (all.former() != null) {
      all.former()
          .remains()
          .forEach(
              object ->
                  foreign.add(
                      new ForeignObject(
                          object, "the API that it served was adopted by this FeatureServer")));
    }
    Optional<Api> lent =
        everybodys.stream()
            .filter(api -> name.equals(api.tags().get(Tags.ADOPTED)))
            .filter(api -> Tags.ownership(api.tags(), owner) instanceof Ownership.Foreign)
            .findFirst();
    if (lent.isPresent()) {
      String why = "API %s leads to it, and who adopted that removes it".formatted(lent.get().id());
      if (all.function() != null) {
        foreign.add(new ForeignObject("Lambda function " + name, why));
      }
      if (all.repository() != null) {
        foreign.add(new ForeignObject("ECR repository " + name, why));
      }
      if (all.logGroup() != null && all.logGroup().isOurs()) {
        foreign.add(
            new ForeignObject(
                "Log group " + all.logGroup().name(),
                "Lambda function %s writes to it".formatted(name)));
      }
      left = all.withFunction(null).withRepository(null).withLogGroup(null);
    }
    return left.withForeign(foreign);
  }

  /**
   * Whether no API is there yet that anybody calls: it is made after the alias. A deployment has
   * passes enough before that for the listings to take a share of API Gateway's ten calls a second.
   */
  private static boolean isBeforeItsApi(@Nullable Function function) {
    return function == null || function.alias() == null;
  }

  private static ObservedStack observed(
      AwsRegion aws,
      Owner owner,
      Set<OptionalPart> parts,
      @Nullable Repository repository,
      @Nullable Function function,
      List<Api> apis,
      @Nullable LogGroup logGroup,
      List<ForeignObject> foreign) {
    return new ObservedStack(
        repository,
        function,
        apis.isEmpty() ? null : complete(aws, apis.getFirst(), parts),
        logGroup,
        apis.stream().skip(1).map(Api::id).toList(),
        List.copyOf(foreign),
        null,
        apis.isEmpty() ? null : Adoptions.former(aws, owner, apis.getFirst()));
  }

  private static @Nullable Repository repository(
      AwsRegion aws, Owner owner, String name, boolean withImages, List<ForeignObject> foreign) {
    Optional<Repository> found = aws.ecr().find(name);
    if (found.isEmpty()) {
      return null;
    }
    Map<String, String> tags = aws.ecr().tags(found.get().arn());
    if (!isOurs("ECR repository " + name, tags, owner, foreign)) {
      return null;
    }
    Repository repository = found.get().withTags(tags).withStatements(aws.ecr().policy(name));
    return withImages ? repository.withImages(aws.ecr().images(name)) : repository;
  }

  private static @Nullable Function function(
      AwsRegion aws,
      Owner owner,
      String name,
      Set<OptionalPart> parts,
      List<ForeignObject> foreign) {
    Lambda lambda = aws.lambda();
    Optional<Lambda.Described> found = lambda.find(name);
    if (found.isEmpty() || !isOurs("Lambda function " + name, found.get().tags(), owner, foreign)) {
      return null;
    }
    List<Version> versions =
        lambda.versions(name).stream()
            .map(version -> version.withImage(lambda.version(name, version.number()).image()))
            .toList();
    // An alias of ours points to a version: without any there is none to ask for.
    Alias alias = versions.isEmpty() ? null : lambda.alias(name, DesiredStack.ALIAS).orElse(null);
    return new Function(
        found.get().configuration(),
        new Concurrency(
            found.get().reservedConcurrency(),
            parts.contains(OptionalPart.PROVISIONED_CONCURRENCY)
                ? lambda.provisioned(name)
                : List.of()),
        found.get().tags(),
        versions,
        alias,
        alias == null ? List.of() : lambda.permissions(name, DesiredStack.ALIAS),
        0,
        0);
  }

  /** It may well have been made by Lambda, before the operator was asked for it. */
  private static @Nullable LogGroup logGroup(
      AwsRegion aws, Owner owner, String function, Set<OptionalPart> parts) {
    if (!parts.contains(OptionalPart.LOG_GROUP)) {
      return null;
    }
    String name = StackName.logGroup(function);
    Optional<Logs.Found> found = aws.logs().find(name);
    if (found.isEmpty()) {
      return null;
    }
    Map<String, String> tags = aws.logs().tags(found.get().arn());
    return new LogGroup(
        name,
        found.get().retentionDays(),
        tags,
        Tags.ownership(tags, owner) instanceof Ownership.Ours);
  }

  /** The API of the status, where it still is; none of it where it is not ours. */
  private static Optional<List<Api>> known(
      AwsRegion aws, Owner owner, @Nullable String apiId, List<ForeignObject> foreign) {
    return apiId == null
        ? Optional.empty()
        : aws.apiGateway()
            .find(apiId)
            .map(
                api ->
                    isOurs("API " + apiId, api.tags(), owner, foreign) ? List.of(api) : List.of());
  }

  /** The API of the status first, then whichever else there are. */
  private static List<Api> all(
      AwsRegion aws,
      Owner owner,
      @Nullable String apiId,
      List<Api> everybodys,
      List<ForeignObject> foreign) {
    var apis = new ArrayList<>(known(aws, owner, apiId, foreign).orElse(List.of()));
    ours(everybodys, owner).stream()
        .filter(api -> apis.stream().noneMatch(found -> found.id().equals(api.id())))
        .forEach(apis::add);
    return apis;
  }

  private static List<Api> listed(AwsRegion aws, Owner owner) {
    return ours(aws.apiGateway().list(), owner);
  }

  private static List<Api> ours(List<Api> apis, Owner owner) {
    return apis.stream()
        .filter(api -> Tags.ownership(api.tags(), owner) instanceof Ownership.Ours)
        .toList();
  }

  /** With all that is in it. */
  static Api complete(AwsRegion aws, Api api, Set<OptionalPart> parts) {
    List<Route> routes = aws.apiGateway().routes(api.id());
    boolean authorizers =
        parts.contains(OptionalPart.JWT_AUTHORIZER)
            || routes.stream().anyMatch(route -> route.guard().authorizerId() != null);
    Api complete =
        api.withIntegrations(aws.apiGateway().integrations(api.id()))
            .withRoutes(routes)
            .withAuthorizers(
                authorizers ? aws.apiGateway().authorizers(api.id()) : List.<Authorizer>of());
    return aws.apiGateway()
        .stage(api.id(), DesiredStack.STAGE)
        .map(complete::withStage)
        .orElse(complete);
  }

  private static boolean isOurs(
      String object, Map<String, String> tags, Owner owner, List<ForeignObject> foreign) {
    return switch (Tags.ownership(tags, owner)) {
      case Ownership.Ours() -> true;
      case Ownership.Foreign(String whose) -> {
        foreign.add(new ForeignObject(object, whose));
        yield false;
      }
    };
  }
}
