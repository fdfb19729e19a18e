package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/** Publish and list versions. */
final class VersionOperations {
  private static final String VERSIONS = "/2015-03-31/functions/{name}/versions";

  private final Functions functions;
  private final Snapshots snapshots;
  private final Clock clock;

  VersionOperations(Functions functions, Snapshots snapshots, Clock clock) {
    this.functions = functions;
    this.snapshots = snapshots;
    this.clock = clock;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("PublishVersion", "POST", VERSIONS, this::publish),
        RestOperation.reads("ListVersionsByFunction", "GET", VERSIONS, this::list));
  }

  private Response publish(RestCall call) throws IOException {
    JsonNode input = call.body();
    Function function = functions.get(FunctionReference.of(call));
    synchronized (function) {
      FunctionOperations.checkSettled(function);
      FunctionOperations.checkRevision(input, function);
      FunctionVersion latest = function.latest();
      checkCode(input.path("CodeSha256").asText(""), latest);
      FunctionVersion version =
          function.publishedUnchanged().orElseGet(() -> published(input, function, latest));
      return Response.json(
          201,
          FunctionJson.configuration(function.key().arn(version.version()), function.key(), version)
              .toString());
    }
  }

  private FunctionVersion published(JsonNode input, Function function, FunctionVersion latest) {
    FunctionVersion version =
        function.publish(frozen(input, latest), status(latest), clock.instant());
    if (version.status() instanceof Status.Pending) {
      snapshots.begin(function, version);
    }
    return version;
  }

  private static void checkCode(String expected, FunctionVersion latest) {
    String actual = latest.settings().image().digest().hex();
    if (!expected.isEmpty() && !expected.equals(actual)) {
      throw LambdaErrors.invalid(
          "CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST."
              .formatted(expected, actual));
    }
  }

  private static Settings frozen(JsonNode input, FunctionVersion latest) {
    String description = input.path("Description").asText("");
    return description.isEmpty()
        ? latest.settings()
        : latest.settings().withDescription(description);
  }

  /** A version that was published over a failed update has the image that failed. */
  private static Status status(FunctionVersion latest) {
    return latest.status() instanceof Status.UpdateFailed(Status.Reason reason)
        ? new Status.Failed(reason)
        : Snapshots.published(latest.settings());
  }

  private Response list(RestCall call) {
    Function function = functions.get(FunctionReference.of(call));
    FunctionKey key = function.key();
    return FunctionOperations.page(
        call,
        "Versions",
        function.versions().stream()
            .map(version -> FunctionJson.listed(key.arn(version.version()), key, version))
            .toList());
  }
}
