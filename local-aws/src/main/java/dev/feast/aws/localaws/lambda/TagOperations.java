package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.JsonMaps;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Tags, which only a function as a whole has. */
final class TagOperations {
  private static final String TAGS = "/2017-03-31/tags/{arn}";
  private static final int MAX_TAGS = 50;
  private static final String RESOURCE_FORM =
      "arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)";

  private final Functions functions;

  TagOperations(Functions functions) {
    this.functions = functions;
  }

  List<RestOperation> operations() {
    return List.of(
        RestOperation.mutates("TagResource", "POST", TAGS, this::tag),
        RestOperation.mutates("UntagResource", "DELETE", TAGS, this::untag),
        RestOperation.reads("ListTags", "GET", TAGS, this::list));
  }

  private Response tag(RestCall call) throws IOException {
    Function function = function(call);
    var more = new LinkedHashMap<String, String>();
    call.body()
        .path("Tags")
        .properties()
        .forEach(tag -> more.put(tag.getKey(), tag.getValue().asText()));
    if (more.isEmpty()) {
      throw LambdaErrors.invalid("An error occurred and the request cannot be processed.");
    }
    synchronized (function) {
      checkNotUpdating(function);
      var all = function.tags();
      all.putAll(more);
      if (all.size() > MAX_TAGS) {
        throw LambdaErrors.invalid("Number of tags exceeds resource tag limit.");
      }
      function.tag(more);
    }
    return Response.of(204);
  }

  private Response untag(RestCall call) {
    Function function = function(call);
    List<String> keys = call.request().query().all("tagKeys");
    new Constraints().present("tagKeys", !keys.isEmpty()).check();
    synchronized (function) {
      checkNotUpdating(function);
      function.untag(keys);
    }
    return Response.of(204);
  }

  private static void checkNotUpdating(Function function) {
    if (function.latest().status() instanceof Status.Updating) {
      throw LambdaErrors.updateInProgress(function.key().arn());
    }
  }

  private Response list(RestCall call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("Tags", JsonMaps.json(function(call).tags()));
    return Response.json(200, json.toString());
  }

  private Function function(RestCall call) {
    String arn = call.variable("arn");
    new Constraints().pattern("resource", arn, RESOURCE_FORM).check();
    if (!arn.contains(":function:")) {
      throw LambdaErrors.notFound("Resource not found: " + arn);
    }
    FunctionReference reference = FunctionReference.of(arn, Optional.empty(), call.caller());
    if (reference.qualifier().isPresent()) {
      throw LambdaErrors.invalid(
          "Tags on function aliases and versions are not supported. Please specify a function"
              + " ARN.");
    }
    return functions.get(reference);
  }
}
