package dev.feast.aws.localaws.logs;

import static dev.feast.aws.localaws.json.JsonOperation.mutates;
import static dev.feast.aws.localaws.json.JsonOperation.reads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.json.JsonOperations;
import dev.feast.aws.localaws.rest.JsonMaps;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Page;
import dev.feast.aws.localaws.spi.Permission;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** CloudWatch Logs' API: AWS JSON 1.1. */
public final class LogsService implements Service {
  private static final JsonMapper JSON = new JsonMapper();

  /** "Possible values are" of PutRetentionPolicy. */
  private static final Set<Integer> RETENTIONS =
      Set.of(
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653);

  private static final int MOST_GROUPS = 50;
  private static final int MOST_STREAMS = 50;
  private static final int MOST_EVENTS = 10_000;

  private final LogGroups groups;
  private final JsonOperations operations;

  LogsService(LogGroups groups) {
    this.groups = groups;
    this.operations =
        new JsonOperations(
            "Logs_20140328.",
            LogsService::needs,
            mutates("CreateLogGroup", this::create),
            mutates("DeleteLogGroup", this::delete),
            reads("ListTagsForResource", this::tags),
            mutates("TagResource", this::tag),
            mutates("UntagResource", this::untag),
            reads("DescribeLogGroups", this::describe),
            mutates("PutRetentionPolicy", this::putRetention),
            mutates("DeleteRetentionPolicy", this::deleteRetention),
            reads("DescribeLogStreams", this::describeStreams),
            reads("GetLogEvents", this::events),
            reads("FilterLogEvents", this::filterEvents));
  }

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public WireErrors errors() {
    return JsonErrors.AWS_JSON_1_1;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    return operations.find(request, caller);
  }

  /** An action is called as its operation; a log group stands for all of its streams. */
  private static List<Permission> needs(String operation, JsonNode input, Caller caller) {
    if (input.has("resourceArn")) {
      return List.of(Permission.of("logs:" + operation, input.path("resourceArn").asText()));
    }
    // Log groups are described whatever they are called, or not at all.
    String group = operation.equals("DescribeLogGroups") ? "" : key(input, caller).name();
    var needed = new ArrayList<Permission>();
    String resource = caller.arn("logs", "log-group:" + group + ":log-stream:");
    needed.add(Permission.of("logs:" + operation, resource));
    if (operation.equals("CreateLogGroup") && !tags(input).isEmpty()) {
      needed.add(Permission.of("logs:TagResource", resource).settingTags(tags(input)));
    }
    return needed;
  }

  private ObjectNode create(JsonNode input, Caller caller) {
    LogGroup.Key key = key(input, caller);
    if (!key.name().matches("[\\w/.#-]{1,512}")) {
      throw AwsError.of(
          400,
          "InvalidParameterException",
          "1 validation error detected: Value '%s' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
              .formatted(key.name()));
    }
    if (!groups.create(key)) {
      throw AwsError.of(
          400, "ResourceAlreadyExistsException", "The specified log group already exists");
    }
    find(input, caller).tag(tags(input));
    return JSON.createObjectNode();
  }

  private static Map<String, String> tags(JsonNode input) {
    var tags = new TreeMap<String, String>();
    input.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return tags;
  }

  private ObjectNode tags(JsonNode input, Caller caller) {
    ObjectNode output = JSON.createObjectNode();
    output.set("tags", JsonMaps.json(resource(input).tags()));
    return output;
  }

  private ObjectNode tag(JsonNode input, Caller caller) {
    resource(input).tag(tags(input));
    return JSON.createObjectNode();
  }

  private ObjectNode untag(JsonNode input, Caller caller) {
    resource(input).untag(input.path("tagKeys").valueStream().map(JsonNode::asText).toList());
    return JSON.createObjectNode();
  }

  /** By its ARN, which here is the one without an asterisk at its end. */
  private LogGroup resource(JsonNode input) {
    String arn = input.path("resourceArn").asText();
    if (arn.endsWith("*")) {
      throw AwsError.of(400, "InvalidParameterException", "Invalid resourceArn: " + arn);
    }
    return groups.byArn(arn).orElseThrow(LogsService::noGroup);
  }

  private ObjectNode delete(JsonNode input, Caller caller) {
    if (!groups.remove(key(input, caller))) {
      throw noGroup();
    }
    return JSON.createObjectNode();
  }

  private ObjectNode describe(JsonNode input, Caller caller) {
    return page(
        input,
        "logGroups",
        groups.list(
            caller.accountId(), caller.region(), input.path("logGroupNamePrefix").asText("")),
        group -> group.key().name(),
        LogsService::json,
        MOST_GROUPS);
  }

  private static ObjectNode json(LogGroup group) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("logGroupName", group.key().name())
            .put("creationTime", group.createdAt().toEpochMilli())
            .put("metricFilterCount", 0)
            .put("arn", group.key().arn() + ":*")
            .put("logGroupArn", group.key().arn())
            .put("logGroupClass", "STANDARD");
    group.retentionDays().ifPresent(days -> json.put("retentionInDays", days));
    return json;
  }

  private ObjectNode putRetention(JsonNode input, Caller caller) {
    int days = input.path("retentionInDays").asInt();
    LogGroup group = find(input, caller);
    if (!RETENTIONS.contains(days)) {
      throw AwsError.of(400, "InvalidParameterException", "Invalid retention value: " + days);
    }
    group.retentionDays(Optional.of(days));
    return JSON.createObjectNode();
  }

  private ObjectNode deleteRetention(JsonNode input, Caller caller) {
    find(input, caller).retentionDays(Optional.empty());
    return JSON.createObjectNode();
  }

  private ObjectNode describeStreams(JsonNode input, Caller caller) {
    LogGroup group = find(input, caller);
    String prefix = input.path("logStreamNamePrefix").asText("");
    return page(
        input,
        "logStreams",
        group.streams().stream().filter(name -> name.startsWith(prefix)).toList(),
        name -> name,
        name ->
            JSON.createObjectNode()
                .put("logStreamName", name)
                .put("arn", group.key().arn() + ":log-stream:" + name),
        MOST_STREAMS);
  }

  private ObjectNode events(JsonNode input, Caller caller) {
    LogGroup group = find(input, caller);
    List<LogGroup.Event> events =
        group
            .events(input.path("logStreamName").asText())
            .orElseThrow(
                () ->
                    AwsError.of(
                        400,
                        "ResourceNotFoundException",
                        "The specified log stream does not exist."));
    ObjectNode output = JSON.createObjectNode();
    ArrayNode list = output.putArray("events");
    events.forEach(
        event ->
            list.addObject()
                .put("timestamp", event.time().toEpochMilli())
                .put("message", event.message())
                .put("ingestionTime", event.time().toEpochMilli()));
    return output;
  }

  /** A pattern of terms is not read: only none, or one text that the message has to hold. */
  private ObjectNode filterEvents(JsonNode input, Caller caller) {
    String pattern = input.path("filterPattern").asText("").replaceAll("^\"|\"$", "");
    return page(
        input,
        "events",
        find(input, caller).events().stream()
            .filter(event -> event.message().contains(pattern))
            .toList(),
        event -> "%020d".formatted(event.id()),
        event ->
            JSON.createObjectNode()
                .put("logStreamName", event.stream())
                .put("timestamp", event.time().toEpochMilli())
                .put("message", event.message())
                .put("ingestionTime", event.time().toEpochMilli())
                .put("eventId", Long.toString(event.id())),
        MOST_EVENTS);
  }

  private LogGroup find(JsonNode input, Caller caller) {
    return groups.find(key(input, caller)).orElseThrow(LogsService::noGroup);
  }

  private static LogGroup.Key key(JsonNode input, Caller caller) {
    return new LogGroup.Key(
        caller.accountId(), caller.region(), input.path("logGroupName").asText());
  }

  private static AwsError noGroup() {
    return AwsError.of(400, "ResourceNotFoundException", "The specified log group does not exist.");
  }

  private static <T> ObjectNode page(
      JsonNode input,
      String member,
      List<T> sorted,
      Function<T, String> key,
      Function<T, ObjectNode> json,
      int most) {
    Page<T> page;
    try {
      page =
          Page.of(
              sorted,
              key,
              Optional.ofNullable(input.get("nextToken")).map(JsonNode::asText),
              Math.clamp(input.path("limit").asInt(most), 1, most));
    } catch (IllegalArgumentException e) {
      throw AwsError.of(400, "InvalidParameterException", "The specified nextToken is invalid.");
    }
    ObjectNode output = JSON.createObjectNode();
    output.putArray(member).addAll(page.items().stream().map(json).toList());
    page.next().ifPresent(token -> output.put("nextToken", token));
    return output;
  }
}
