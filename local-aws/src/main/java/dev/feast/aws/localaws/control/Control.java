package dev.feast.aws.localaws.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Handler;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.iam.Grant;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.iam.Identities;
import dev.feast.aws.localaws.iam.Role;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code /_local/}: health, calls, faults, functions' logs and an issuer over HTTP. */
public final class Control implements Handler {
  /** What all its paths begin with. */
  public static final String PREFIX = "/_local/";

  private static final JsonMapper JSON = new JsonMapper();

  private final Calls calls;
  private final Faults faults;
  private final Function<String, Optional<List<String>>> logs;
  private final Iam iam;
  private final Issuer issuer = new Issuer(InstantSource.system());

  /**
   * @param logs the lines that a Lambda function of that name logged; empty where there is none
   */
  public Control(
      Calls calls, Faults faults, Function<String, Optional<List<String>>> logs, Iam iam) {
    this.calls = calls;
    this.faults = faults;
    this.logs = logs;
    this.iam = iam;
  }

  @Override
  public Response handle(Request request) throws IOException {
    String path = request.rawPath().substring(PREFIX.length());
    if (request.method().equals("GET") && path.startsWith("logs/")) {
      return logs(path.substring("logs/".length()));
    }
    if (path.startsWith(Issuer.PATH)) {
      return issuer
          .handle(path.substring(Issuer.PATH.length()), request)
          .orElseGet(() -> unknown(request));
    }
    String fault = path.startsWith("faults/") ? path.substring("faults/".length()) : "";
    return switch (request.method() + " " + (fault.isEmpty() ? path : "faults/{id}")) {
      case "GET health" -> Response.json(200, "{\"status\":\"ok\"}");
      case "GET calls" -> Response.json(200, list().toString());
      case "GET counts" -> Response.json(200, counts().toString());
      case "DELETE calls" -> {
        calls.clear();
        yield Response.of(204);
      }
      case "GET faults" -> Response.json(200, waiting().toString());
      case "GET iam" ->
          iam.identities()
              .map(identities -> Response.json(200, roles(identities).toString()))
              .orElseGet(() -> problem(404, "IAM is not enforced: local-aws has no --iam"));
      case "POST faults" -> add(request.bytes());
      case "DELETE faults" -> {
        faults.clear();
        yield Response.of(204);
      }
      case "DELETE faults/{id}" ->
          faults.remove(fault) ? Response.of(204) : problem(404, "There is no fault " + fault);
      default -> unknown(request);
    };
  }

  private static Response unknown(Request request) {
    return problem(
        404,
        "There is no "
            + request.method()
            + " "
            + request.rawPath()
            + "; there are GET health, GET and DELETE calls, GET counts, GET, POST and DELETE"
            + " faults, DELETE faults/<id>, GET logs/<function>, GET iam, GET"
            + " issuer/.well-known/openid-configuration, GET issuer/keys, and POST issuer/tokens");
  }

  private Response logs(String function) {
    return logs.apply(function)
        .map(
            lines ->
                new Response(
                    200,
                    Headers.of("Content-Type", "text/plain; charset=utf-8"),
                    Body.text(lines.isEmpty() ? "" : String.join("\n", lines) + "\n")))
        .orElseGet(() -> problem(404, "There is no function " + function));
  }

  private ObjectNode list() {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("calls");
    for (Call call : calls.list()) {
      list.addObject()
          .put("id", call.id())
          .put("time", call.time().toString())
          .put("service", call.service())
          .put("operation", call.operation())
          .put("region", call.region())
          .put("account", call.account())
          .put("principal", call.principal())
          .put("mutating", call.mutating())
          .put("status", call.status())
          .put("errorCode", call.errorCode());
    }
    return answer;
  }

  private ObjectNode counts() {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("counts");
    for (CallCount count : calls.counts()) {
      list.addObject()
          .put("service", count.service())
          .put("operation", count.operation())
          .put("region", count.region())
          .put("mutating", count.mutating())
          .put("errorCode", count.errorCode())
          .put("count", count.count());
    }
    return answer;
  }

  private static ObjectNode roles(Identities identities) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("roles");
    for (Role role : identities.roles()) {
      ObjectNode one = list.addObject().put("arn", role.arn());
      grants(role.used(), one.putArray("used"));
      grants(role.unused(), one.putArray("unused"));
    }
    return answer;
  }

  private static void grants(Collection<Grant> grants, ArrayNode list) {
    for (Grant grant : grants) {
      list.addObject().put("action", grant.action()).put("resource", grant.resource());
    }
  }

  private ObjectNode waiting() {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("faults");
    faults.list().forEach((id, fault) -> list.add(FaultJson.write(fault).put("id", id)));
    return answer;
  }

  private Response add(byte[] body) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return problem(400, "The fault is not JSON: " + e.getOriginalMessage());
    }
    try {
      String id = faults.add(FaultJson.read(json));
      return Response.json(200, JSON.createObjectNode().put("id", id).toString());
    } catch (IllegalArgumentException e) {
      return problem(400, String.valueOf(e.getMessage()));
    }
  }

  static Response problem(int status, String message) {
    return Response.json(status, JSON.createObjectNode().put("message", message).toString());
  }
}
