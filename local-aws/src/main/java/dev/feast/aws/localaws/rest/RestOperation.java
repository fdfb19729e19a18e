package dev.feast.aws.localaws.rest;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Permission;
import dev.feast.aws.localaws.spi.Permissions;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operation told by method and path.
 *
 * @param template e.g. {@code /2015-03-31/functions/{name}/versions}; a variable is one segment.
 *     After a question mark may stand a parameter and its value that the request has to have
 */
public record RestOperation(
    String name, boolean mutating, String method, String template, Action action) {

  /** What the operation does with a call. */
  @FunctionalInterface
  public interface Action {
    Response answer(RestCall call) throws IOException;
  }

  /** What IAM has to allow before an operation does something with a call. */
  @FunctionalInterface
  public interface Needs {
    List<Permission> of(RestOperation operation, RestCall call) throws IOException;
  }

  public static RestOperation reads(String name, String method, String template, Action action) {
    return new RestOperation(name, false, method, template, action);
  }

  public static RestOperation mutates(String name, String method, String template, Action action) {
    return new RestOperation(name, true, method, template, action);
  }

  /** The first of these that has the request's method and path. */
  public static Optional<Operation> find(
      List<RestOperation> operations, Request request, Caller caller, Needs needs) {
    for (RestOperation operation : operations) {
      Optional<Map<String, String>> variables =
          operation.method.equals(request.method()) ? operation.match(request) : Optional.empty();
      if (variables.isPresent()) {
        var call = new RestCall(request, caller, variables.get());
        return Optional.of(
            new Operation(
                operation.name,
                operation.mutating,
                () -> new Permissions(caller, needs.of(operation, call)),
                () -> operation.action.answer(call)));
      }
    }
    return Optional.empty();
  }

  private Optional<Map<String, String>> match(Request request) {
    int query = template.indexOf('?');
    if (query < 0) {
      return match(template, request.rawPath());
    }
    String[] parameter = template.substring(query + 1).split("=", 2);
    return request.query().all(parameter[0]).contains(parameter[1])
        ? match(template.substring(0, query), request.rawPath())
        : Optional.empty();
  }

  private static Optional<Map<String, String>> match(String template, String rawPath) {
    String[] expected = template.split("/", -1);
    // Some of Lambda's paths end in a slash in one SDK and do not in another.
    String[] actual = rawPath.replaceFirst("(?<=.)/$", "").split("/", -1);
    if (expected.length != actual.length) {
      return Optional.empty();
    }
    var variables = new HashMap<String, String>();
    for (int i = 0; i < expected.length; i++) {
      String segment = decode(actual[i]);
      if (expected[i].startsWith("{")) {
        if (segment.isEmpty()) {
          return Optional.empty();
        }
        variables.put(expected[i].substring(1, expected[i].length() - 1), segment);
      } else if (!expected[i].equals(segment)) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }

  private static String decode(String segment) {
    // A plus sign in a path is a plus sign.
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
