package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.rest.JsonMaps;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.Page;
import dev.feast.aws.localaws.spi.Permission;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Create, read, update, delete and list functions. */
final class FunctionOperations {
  private static final String FUNCTIONS = "/2015-03-31/functions";
  private static final String FUNCTION = FUNCTIONS + "/{name}";
  private static final String REVISION_API = "GetFunction/GetAlias";
  private static final int MAX_TAGS = 50;

  private final Functions functions;
  private final ImageResolver images;
  private final Settling settling;
  private final Iam iam;
  private final RoleChecks role;
  private final Clock clock;
  private final FunctionLogGroups logGroups;
  private final Supplier<List<Fault.Action>> tagFaults;
  private final Supplier<List<Fault.Action>> keyFaults;

  FunctionOperations(
      Functions functions,
      ImageResolver images,
      Settling settling,
      Iam iam,
      Clock clock,
      FunctionLogGroups logGroups,
      Supplier<List<Fault.Action>> tagFaults,
      Supplier<List<Fault.Action>> keyFaults) {
    this.functions = functions;
    this.images = images;
    this.settling = settling;
    this.iam = iam;
    this.role = new RoleChecks(iam);
    this.clock = clock;
    this.logGroups = logGroups;
    this.tagFaults = tagFaults;
    this.keyFaults = keyFaults;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("CreateFunction", "POST", FUNCTIONS, this::create),
        RestOperation.reads("ListFunctions", "GET", FUNCTIONS, this::list),
        RestOperation.reads("GetFunction", "GET", FUNCTION, this::get),
        RestOperation.mutates("DeleteFunction", "DELETE", FUNCTION, this::delete),
        RestOperation.reads(
            "GetFunctionConfiguration", "GET", FUNCTION + "/configuration", this::configuration),
        RestOperation.mutates(
            "UpdateFunctionConfiguration",
            "PUT",
            FUNCTION + "/configuration",
            this::updateConfiguration),
        RestOperation.mutates("UpdateFunctionCode", "PUT", FUNCTION + "/code", this::updateCode));
  }

  private Response create(RestCall call) throws IOException {
    JsonNode input = call.body();
    FunctionReference reference =
        FunctionReference.of(input.path("FunctionName").asText(), Optional.empty(), call.caller());
    if (functions.find(reference.key()).isPresent()) {
      throw LambdaErrors.conflict("Function already exist: " + reference.key().name());
    }
    if (!input.path("PackageType").asText("Zip").equals("Image")) {
      throw LambdaErrors.invalid(
          "local-aws runs functions of PackageType Image only; this one is of PackageType Zip.");
    }
    FunctionImage image = image(input.path("Code").path("ImageUri"), call);
    Settings settings = SettingsReader.create(input, image, architecture(input, "x86_64"));
    role.check(settings, call.caller());
    Map<String, String> tags = tags(input.path("Tags"));
    var function =
        new Function(
            reference.key(),
            FunctionVersion.of(
                FunctionVersion.LATEST, settings, new Status.Pending(), clock.instant()),
            new Instances(clock),
            iam,
            logGroups.of(reference.key()));
    function.tag(tags);
    synchronized (function) {
      if (!functions.add(function)) {
        throw LambdaErrors.conflict("Function already exist: " + reference.key().name());
      }
      Optional<FunctionVersion> published = publishIfAsked(input, function, new Status.Pending());
      settling.begin(function, published);
      return changed(201, function, published);
    }
  }

  private FunctionImage image(JsonNode imageUri, RestCall call) {
    if (!imageUri.isTextual()) {
      throw LambdaErrors.invalid(
          "Please provide ImageUri when updating a function with packageType Image.");
    }
    return images.resolve(imageUri.asText(), call.caller());
  }

  private static String architecture(JsonNode input, String otherwise) {
    JsonNode architectures = input.path("Architectures");
    if (!architectures.isArray() || architectures.isEmpty()) {
      return otherwise;
    }
    var constraints = new Constraints();
    if (architectures.size() > 1) {
      constraints.add(
          "Value '" + architectures + "' at 'architectures'",
          "have length less than or equal to 1");
    }
    String architecture = architectures.get(0).asText();
    constraints.oneOf("architectures", architecture, List.of("x86_64", "arm64")).check();
    return architecture;
  }

  private static Map<String, String> tags(JsonNode json) {
    var tags = new LinkedHashMap<String, String>();
    json.properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    if (tags.size() > MAX_TAGS) {
      throw LambdaErrors.invalid("Number of tags exceeds resource tag limit.");
    }
    return tags;
  }

  private Optional<FunctionVersion> publishIfAsked(
      JsonNode input, Function function, Status status) {
    return input.path("Publish").asBoolean()
        ? Optional.of(function.publish(function.latest().settings(), status, clock.instant()))
        : Optional.empty();
  }

  /** What a change answers: the version that it published, else $LATEST. */
  private static Response changed(
      int status, Function function, Optional<FunctionVersion> published) {
    FunctionKey key = function.key();
    ObjectNode json =
        published
            .map(version -> FunctionJson.configuration(key.arn(version.version()), key, version))
            .orElseGet(() -> FunctionJson.configuration(key.arn(), key, function.latest()));
    return Response.json(status, json.toString());
  }

  private Response get(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    Function function = functions.get(reference);
    FunctionVersion version = version(function, reference);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("Configuration", configuration(function, reference, version, call.caller()));
    json.set("Code", FunctionJson.code(version.settings().image()));
    Map<String, String> tags = function.tags();
    // It answers without tags where it may not or cannot read them now, and says so.
    Optional<AwsError> untold =
        untoldTags(call.caller(), function).or(() -> error(tagFaults, "Tags cannot be read now."));
    if (untold.isPresent()) {
      json.putObject("TagsError")
          .put("ErrorCode", untold.get().code())
          .put("Message", untold.get().text());
    } else if (!tags.isEmpty()) {
      json.set("Tags", JsonMaps.json(tags));
    }
    function
        .reservedConcurrency()
        .ifPresent(
            reserved ->
                json.putObject("Concurrency").put("ReservedConcurrentExecutions", reserved));
    return Response.json(200, json.toString());
  }

  private Optional<AwsError> untoldTags(Caller caller, Function function) {
    return iam.refusal(
            caller,
            Permission.of("lambda:ListTags", function.key().arn()).onTagged(function.tags()))
        .map(JsonErrors.LAMBDA::accessDenied);
  }

  /** What befalls a part of an answer that is given without it. */
  private static Optional<AwsError> error(Supplier<List<Fault.Action>> faults, String otherwise) {
    return faults.get().stream()
        .map(
            fault ->
                switch (fault) {
                  case Fault.Action.Answer(int status, String code, String message) ->
                      AwsError.of(status, code, message);
                  case Fault.Action.Throttle() -> JsonErrors.LAMBDA.throttled();
                  case Fault.Action.Cut(),
                      Fault.Action.Delay(_),
                      Fault.Action.Unprocessed(),
                      Fault.Action.Stale() ->
                      AwsError.of(500, "ServiceException", otherwise);
                })
        .findFirst();
  }

  private Response configuration(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    Function function = functions.get(reference);
    return Response.json(
        200,
        configuration(function, reference, version(function, reference), call.caller()).toString());
  }

  private static FunctionVersion version(Function function, FunctionReference reference) {
    return function
        .qualified(reference.qualifier())
        .orElseThrow(() -> LambdaErrors.functionNotFound(reference.arn()));
  }

  /** Without the environment where the customer's key cannot decrypt it for the caller. */
  private ObjectNode configuration(
      Function function, FunctionReference reference, FunctionVersion version, Caller caller) {
    ObjectNode json = FunctionJson.configuration(reference.arn(), function.key(), version);
    if (json.has("Environment") && !version.settings().kmsKeyArn().isEmpty()) {
      role.unreadable(version.settings(), caller)
          .or(() -> error(keyFaults, "The key cannot be asked now."))
          .ifPresent(
              error ->
                  json.putObject("Environment")
                      .putObject("Error")
                      .put("ErrorCode", error.code())
                      .put("Message", error.text()));
    }
    return json;
  }

  private Response updateConfiguration(RestCall call) throws IOException {
    JsonNode input = call.body();
    FunctionReference reference = FunctionReference.of(call);
    Function function = functions.get(reference);
    synchronized (function) {
      checkSettled(function);
      checkRevision(input, function);
      Settings settings = SettingsReader.update(input, function.latest().settings());
      role.check(settings, call.caller());
      update(function, settings);
      settling.begin(function, Optional.empty());
      return changed(200, function, Optional.empty());
    }
  }

  private Response updateCode(RestCall call) throws IOException {
    JsonNode input = call.body();
    FunctionReference reference = FunctionReference.of(call);
    Function function = functions.get(reference);
    if (!input.path("ImageUri").isTextual()) {
      throw LambdaErrors.invalid(
          "Please provide ImageUri when updating a function with packageType Image.");
    }
    synchronized (function) {
      checkSettled(function);
      checkRevision(input, function);
      FunctionImage image = image(input.path("ImageUri"), call);
      Settings before = function.latest().settings();
      Settings settings = before.withCode(image, architecture(input, before.architecture()));
      if (input.path("DryRun").asBoolean()) {
        return changed(200, function, Optional.empty());
      }
      update(function, settings);
      Optional<FunctionVersion> published = publishIfAsked(input, function, new Status.Pending());
      settling.begin(function, published);
      return changed(200, function, published);
    }
  }

  private void update(Function function, Settings settings) {
    function.latest(
        FunctionVersion.of(
            FunctionVersion.LATEST, settings, new Status.Updating(), clock.instant()));
  }

  /** Lambda changes nothing about a function on which it is still at work. */
  static void checkSettled(Function function) {
    switch (function.latest().status()) {
      case Status.Active(), Status.UpdateFailed(_) -> {}
      case Status.Updating() -> throw LambdaErrors.updateInProgress(function.key().arn());
      case Status.Pending(), Status.Failed(_) ->
          throw LambdaErrors.wrongState(function.latest().status().state());
    }
  }

  static void checkRevision(JsonNode input, Function function) {
    String expected = input.path("RevisionId").asText("");
    if (!expected.isEmpty() && !expected.equals(function.latest().revisionId())) {
      throw LambdaErrors.wrongRevision(REVISION_API);
    }
  }

  private Response delete(RestCall call) {
    FunctionReference reference = FunctionReference.of(call);
    Optional<String> qualifier = reference.qualifier();
    if (qualifier.equals(Optional.of(FunctionVersion.LATEST))) {
      throw LambdaErrors.invalid(
          "$LATEST version cannot be deleted without deleting the function.");
    }
    Function function =
        functions
            .find(reference.key())
            .orElseThrow(() -> LambdaErrors.functionNotFound(reference.key().arn()));
    if (qualifier.isEmpty()) {
      functions.remove(function);
      function.instances().close();
      return Response.of(204);
    }
    synchronized (function) {
      if (function.alias(qualifier.get()).isPresent()) {
        throw LambdaErrors.invalid("Deletion of aliases is not currently supported.");
      }
      List<String> pointing =
          function.aliases().stream()
              .filter(alias -> alias.pointsTo(qualifier.get()))
              .map(Alias::name)
              .toList();
      if (!pointing.isEmpty()) {
        throw LambdaErrors.conflict(
            "Unable to delete version because the following aliases reference it: " + pointing);
      }
      function.removeVersion(qualifier.get());
    }
    return Response.of(204);
  }

  private Response list(RestCall call) {
    Optional<String> which = call.parameter("FunctionVersion");
    var constraints = new Constraints();
    which.ifPresent(value -> constraints.oneOf("functionVersion", value, List.of("ALL")));
    constraints.check();
    var entries = new ArrayList<ObjectNode>();
    for (Function function : functions.list(call.caller().accountId(), call.caller().region())) {
      FunctionKey key = function.key();
      if (which.isPresent()) {
        for (FunctionVersion version : function.versions()) {
          entries.add(FunctionJson.listed(key.arn(version.version()), key, version));
        }
      } else {
        entries.add(FunctionJson.listed(key.arn(), key, function.latest()));
      }
    }
    return page(call, "Functions", entries);
  }

  /** A page of entries; functions sort by name, versions of one by number with $LATEST first. */
  static Response page(RestCall call, String member, List<ObjectNode> entries) {
    int size = pageSize(call);
    Page<ObjectNode> page;
    try {
      page =
          Page.of(
              entries.stream()
                  .sorted(java.util.Comparator.comparing(FunctionOperations::sortKey))
                  .toList(),
              FunctionOperations::sortKey,
              call.parameter("Marker"),
              size);
    } catch (IllegalArgumentException e) {
      throw LambdaErrors.invalid("Invalid pagination token.");
    }
    ObjectNode json = FunctionJson.list(member, page.items());
    page.next().ifPresent(token -> json.put("NextMarker", token));
    return Response.json(200, json.toString());
  }

  /** What MaxItems asks for; Lambda gives no more than 50. */
  static int pageSize(RestCall call) {
    String text = call.parameter("MaxItems").orElse("50");
    try {
      int size = Integer.parseInt(text);
      new Constraints().range("maxItems", size, 1, 10_000).check();
      return Math.min(size, 50);
    } catch (NumberFormatException e) {
      throw AwsError.of(400, "SerializationException", "MaxItems is not a number: " + text);
    }
  }

  private static String sortKey(ObjectNode entry) {
    String version = entry.path("Version").asText();
    String number =
        version.equals(FunctionVersion.LATEST) ? "" : "%010d".formatted(Long.parseLong(version));
    return Stream.of(entry.path("FunctionName").asText(), number)
        .collect(java.util.stream.Collectors.joining(" "));
  }
}
