package dev.feast.aws.localaws.lambda.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an image says about how it is run.
 *
 * @param architecture as Go calls it: {@code amd64}, {@code arm64}
 * @param environment in the image's order
 * @param workingDirectory absolute; the root where the image says nothing
 * @param allowsSnapshot whether it may be put into a snapshot without asking for it: SnapStart's
 *     label
 */
public record ImageConfig(
    String os,
    String architecture,
    List<String> entryPoint,
    List<String> command,
    Map<String, String> environment,
    String workingDirectory,
    boolean allowsSnapshot) {
  private static final String SNAPSTART_LABEL = "com.amazonaws.lambda.feature.snapstart";

  public ImageConfig {
    entryPoint = List.copyOf(entryPoint);
    command = List.copyOf(command);
  }

  static ImageConfig of(JsonNode json) {
    JsonNode config = json.path("config");
    var environment = new LinkedHashMap<String, String>();
    for (String variable : strings(config.path("Env"))) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    String directory = config.path("WorkingDir").asText("");
    return new ImageConfig(
        json.path("os").asText(""),
        json.path("architecture").asText(""),
        strings(config.path("Entrypoint")),
        strings(config.path("Cmd")),
        environment,
        directory.isEmpty() ? "/" : directory,
        config.path("Labels").path(SNAPSTART_LABEL).asText().equals("Allow"));
  }

  private static List<String> strings(JsonNode array) {
    var strings = new ArrayList<String>();
    array.forEach(item -> strings.add(item.asText()));
    return strings;
  }
}
