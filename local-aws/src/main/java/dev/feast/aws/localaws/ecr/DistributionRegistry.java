package dev.feast.aws.localaws.ecr;

import dev.feast.aws.localaws.ecr.AuthorizationTokens.Access;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Permissions;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The registry under {@code /v2/}: OCI distribution as ECR serves it, with what ECR leaves out
 * (deletes, the catalog, referrers) left out here. Its operations are called as CloudTrail calls
 * what a push or pull does.
 */
public final class DistributionRegistry implements Service {
  private static final Pattern ROUTE =
      Pattern.compile(
          "/v2/(?<name>.+)/(?<kind>blobs/uploads|blobs|manifests|tags/list)(?:/(?<reference>[^/]*))?");

  private final Repositories repositories;
  private final AuthorizationTokens tokens;
  private final RegistryBlobs blobs;
  private final RegistryManifests manifests;
  private final RegistryErrors errors = new RegistryErrors();

  DistributionRegistry(Repositories repositories, AuthorizationTokens tokens, Clock clock) {
    this.repositories = repositories;
    this.tokens = tokens;
    this.blobs = new RegistryBlobs(repositories);
    this.manifests = new RegistryManifests(clock);
  }

  @Override
  public String name() {
    return "ecr";
  }

  @Override
  public WireErrors errors() {
    return errors;
  }

  /** The repository's path names account and region; nothing here is signed. */
  @Override
  public Caller caller(Request request, Caller signed) {
    Matcher route = ROUTE.matcher(request.rawPath());
    String[] path = route.matches() ? route.group("name").split("/", 3) : new String[0];
    return path.length == 3 ? signed.in(path[0], path[1]) : signed;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    Matcher route = ROUTE.matcher(request.rawPath());
    boolean base = request.rawPath().equals("/v2/");
    if (!base && !route.matches()) {
      throw RegistryErrors.unsupported();
    }
    String kind = base ? "" : route.group("kind");
    String reference = base ? "" : Optional.ofNullable(route.group("reference")).orElse("");
    Operation operation =
        switch (kind) {
          case "" ->
              Operation.reads(
                  "GetAuthorizationToken",
                  () -> Permissions.of(holder(request)),
                  () -> version(request));
          case "blobs/uploads" ->
              blobs.upload(request, reference, about(request, route.group("name")));
          case "blobs" -> blobs.read(request, reference, about(request, route.group("name")));
          case "manifests" ->
              manifests.operation(request, reference, about(request, route.group("name")));
          default -> manifests.tags(request, about(request, route.group("name")));
        };
    return new Operation(
        operation.name(),
        operation.mutating(),
        operation.permissions(),
        () -> operation.action().answer().with("Docker-Distribution-Api-Version", "registry/2.0"));
  }

  private Response version(Request request) {
    holder(request);
    return Response.json(200, "{}");
  }

  private About about(Request request, String path) {
    return new About(
        () -> repository(request, path), actions -> permissions(request, path, actions));
  }

  private Permissions permissions(Request request, String path, List<String> actions) {
    Optional<Repository> found = repositories.find(path);
    return new Permissions(
        holder(request),
        actions.stream()
            .map(
                action ->
                    found
                        .map(repository -> EcrPermissions.on(repository, action))
                        .orElseGet(() -> EcrPermissions.onMissing(path, action)))
            .toList());
  }

  private Repository repository(Request request, String path) {
    String account = holder(request).accountId();
    Repository repository =
        repositories
            .find(path)
            .orElseThrow(
                () -> {
                  String[] parts = path.split("/", 3);
                  return AwsError.of(
                      404,
                      "NAME_UNKNOWN",
                      "The repository with name '%s' does not exist in the registry with id '%s'"
                          .formatted(parts.length == 3 ? parts[2] : path, parts[0]));
                });
    // A token opens the registry of its own account; another account's would take a repository
    // policy that names it.
    if (!repository.key().account().equals(account)) {
      throw RegistryErrors.denied(
          "User is not authorized to access the repository '" + path + "'.");
    }
    return repository;
  }

  /** Who got the request's token; it opens the registry of their account. */
  private Caller holder(Request request) {
    return switch (tokens.check(request.header("Authorization"))) {
      case Access.Granted(Caller holder) -> holder;
      case Access.Missing() -> throw RegistryErrors.unauthorized(request);
      case Access.Invalid() -> throw RegistryErrors.denied("Your Authorization Token is invalid.");
      case Access.Expired() ->
          throw RegistryErrors.denied(
              "Your authorization token has expired. Reauthenticate and try again.");
    };
  }

  /**
   * What a request is about, found out only when its operation runs.
   *
   * @param repository the one that its path names
   * @param permissions what actions on it need
   */
  record About(RepositoryOf repository, Function<List<String>, Permissions> permissions) {
    Operation reads(String name, Operation.Action action) {
      return Operation.reads(name, () -> permissions.apply(List.of("ecr:" + name)), action);
    }

    /**
     * @param steps what else is done with it, by the names of those operations
     */
    Operation mutates(String name, Operation.Action action, String... steps) {
      List<String> actions =
          Stream.concat(Stream.of(steps), Stream.of(name)).map(step -> "ecr:" + step).toList();
      return Operation.mutates(name, () -> permissions.apply(actions), action);
    }

    Repository get() throws IOException {
      return repository.get();
    }
  }

  /** Finds a repository. */
  @FunctionalInterface
  interface RepositoryOf {
    Repository get() throws IOException;
  }
}
