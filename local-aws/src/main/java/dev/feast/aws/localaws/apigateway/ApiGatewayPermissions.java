package dev.feast.aws.localaws.apigateway;

import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Permission;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What IAM has to allow for API Gateway's operations: an action is an HTTP method, a resource is a
 * path without its version, and so every operation has both by itself.
 */
final class ApiGatewayPermissions implements RestOperation.Needs {
  private static final String VERSION = "/v2";
  private static final String TAGS = "/tags/";

  private final Apis apis;

  ApiGatewayPermissions(Apis apis) {
    this.apis = apis;
  }

  @Override
  public List<Permission> of(RestOperation operation, RestCall call) throws IOException {
    String path = call.request().rawPath().substring(VERSION.length());
    Map<String, String> tags = tags(call);
    var needed = new ArrayList<Permission>();
    needed.add(
        permission(call, path.startsWith(TAGS) ? tagged(call.variable("arn")) : decoded(path))
            .onTagged(tagsOf(path))
            .settingTags(tags)
            .namingTags(call.request().query().all("tagKeys")));
    if (!tags.isEmpty() && !path.startsWith(TAGS)) {
      // CreateApi with tags is checked as if it tagged whichever API, under its versioned path.
      needed.add(
          permission(call, tagged("arn:aws:apigateway:" + call.caller().region() + "::/v2/apis/*"))
              .settingTags(tags));
    }
    return needed;
  }

  private static Permission permission(RestCall call, String path) {
    return Permission.of(
        "apigateway:" + call.request().method(),
        "arn:aws:apigateway:" + call.caller().region() + "::" + path);
  }

  private static String decoded(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The ARN of what is tagged, percent-encoded but for a wildcard. */
  private static String tagged(String arn) {
    return TAGS + URLEncoder.encode(arn, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Only an API itself has tags: what belongs to an HTTP API inherits none of them. */
  private Map<String, String> tagsOf(String path) {
    return path.startsWith("/apis/")
        ? apis.find(path.substring("/apis/".length())).map(Api::tags).orElse(Map.of())
        : Map.of();
  }

  private static Map<String, String> tags(RestCall call) throws IOException {
    var tags = new TreeMap<String, String>();
    call.body()
        .path("tags")
        .properties()
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return tags;
  }
}
