package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what CreateFunction and UpdateFunctionConfiguration set, and checks it as Lambda does. */
final class SettingsReader {
  private static final String ROLE_FORM =
      "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+";
  private static final String KEY_FORM = "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()";
  private static final String VARIABLE_FORM = "[a-zA-Z]([a-zA-Z0-9_])+";
  private static final int MAX_ENVIRONMENT_BYTES = 4096;

  /** "SnapStart does not support ... ephemeral storage greater than 512 MB." */
  private static final int SNAPSHOT_STORAGE_MIB = 512;

  /** "Reserved environment variables" of the developer guide; setting one is refused. */
  private static final Set<String> RESERVED =
      Set.of(
          "_HANDLER",
          "_X_AMZN_TRACE_ID",
          "AWS_DEFAULT_REGION",
          "AWS_REGION",
          "AWS_EXECUTION_ENV",
          "AWS_LAMBDA_FUNCTION_NAME",
          "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
          "AWS_LAMBDA_FUNCTION_VERSION",
          "AWS_LAMBDA_INITIALIZATION_TYPE",
          "AWS_LAMBDA_LOG_GROUP_NAME",
          "AWS_LAMBDA_LOG_STREAM_NAME",
          "AWS_ACCESS_KEY",
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "AWS_LAMBDA_RUNTIME_API",
          "LAMBDA_TASK_ROOT",
          "LAMBDA_RUNTIME_DIR");

  private SettingsReader() {}

  /** Settings of a new function; what is not given has Lambda's default. */
  static Settings create(JsonNode input, FunctionImage image, String architecture) {
    return read(
        input,
        new Settings(
            image,
            ImageOverrides.NONE,
            "",
            input.path("Role").asText(),
            128,
            3,
            null,
            "",
            512,
            architecture,
            "PassThrough",
            VpcSettings.NONE,
            SnapStart.NONE));
  }

  /** Settings with what the input changes; what is not given stays. */
  static Settings update(JsonNode input, Settings before) {
    return read(input, before);
  }

  private static Settings read(JsonNode input, Settings before) {
    var settings =
        new Settings(
            before.image(),
            input.has("ImageConfig") ? overrides(input.path("ImageConfig")) : before.overrides(),
            text(input, "Description", before.description()),
            text(input, "Role", before.role()),
            number(input, "MemorySize", before.memoryMiB()),
            number(input, "Timeout", before.timeoutSeconds()),
            input.has("Environment")
                ? variables(input.path("Environment").path("Variables"))
                : before.environment(),
            text(input, "KMSKeyArn", before.kmsKeyArn()),
            input.path("EphemeralStorage").path("Size").asInt(before.ephemeralStorageMiB()),
            before.architecture(),
            input.path("TracingConfig").path("Mode").asText(before.tracingMode()),
            input.has("VpcConfig") ? vpc(input.path("VpcConfig")) : before.vpc(),
            snapStart(input, before.snapStart()));
    check(settings);
    return settings;
  }

  private static SnapStart snapStart(JsonNode input, SnapStart before) {
    String applyOn = input.path("SnapStart").path("ApplyOn").asText(before.text());
    new Constraints().oneOf("snapStart.applyOn", applyOn, SnapStart.TEXTS).check();
    return SnapStart.of(applyOn);
  }

  private static String text(JsonNode input, String member, String otherwise) {
    JsonNode value = input.path(member);
    return value.isTextual() ? value.asText() : otherwise;
  }

  private static int number(JsonNode input, String member, int otherwise) {
    JsonNode value = input.path(member);
    return value.isNumber() ? value.asInt() : otherwise;
  }

  private static Map<String, String> variables(JsonNode json) {
    var variables = new LinkedHashMap<String, String>();
    json.properties().forEach(v -> variables.put(v.getKey(), v.getValue().asText()));
    return variables;
  }

  private static ImageOverrides overrides(JsonNode json) {
    return new ImageOverrides(
        strings(json.path("EntryPoint")),
        strings(json.path("Command")),
        Optional.of(json.path("WorkingDirectory").asText("")).filter(dir -> !dir.isEmpty()));
  }

  private static VpcSettings vpc(JsonNode json) {
    return new VpcSettings(strings(json.path("SubnetIds")), strings(json.path("SecurityGroupIds")));
  }

  private static List<String> strings(JsonNode array) {
    var strings = new ArrayList<String>();
    array.forEach(item -> strings.add(item.asText()));
    return strings;
  }

  private static void check(Settings settings) {
    var constraints =
        new Constraints()
            .pattern("role", settings.role(), ROLE_FORM)
            .length("description", settings.description(), 256)
            .range("memorySize", settings.memoryMiB(), 128, 10_240)
            .range("timeout", settings.timeoutSeconds(), 1, 900)
            .pattern("kMSKeyArn", settings.kmsKeyArn(), KEY_FORM)
            .range("ephemeralStorage.size", settings.ephemeralStorageMiB(), 512, 10_240)
            .oneOf("tracingConfig.mode", settings.tracingMode(), List.of("Active", "PassThrough"));
    if (!settings.variables().keySet().stream().allMatch(name -> name.matches(VARIABLE_FORM))) {
      constraints.map(
          "environment.variables",
          settings.variables().keySet(), // Lambda echoes the values too
          "Map keys",
          "Member must satisfy regular expression pattern: " + VARIABLE_FORM);
    }
    ids(constraints, "vpcConfig.subnetIds", settings.vpc().subnetIds(), "^subnet-[0-9a-z]*$", 16);
    ids(
        constraints,
        "vpcConfig.securityGroupIds",
        settings.vpc().securityGroupIds(),
        "^sg-[0-9a-zA-Z]*$",
        5);
    constraints.check();
    checkEnvironment(settings.environment());
    if (settings.vpc().subnetIds().isEmpty() != settings.vpc().securityGroupIds().isEmpty()) {
      throw LambdaErrors.invalid("SubnetIds and SecurityIds must coexist or be both empty list.");
    }
    if (settings.snapStart() != SnapStart.NONE
        && settings.ephemeralStorageMiB() > SNAPSHOT_STORAGE_MIB) {
      throw LambdaErrors.invalid(
          "SnapStart does not support ephemeral storage greater than 512 MB.");
    }
  }

  private static void ids(
      Constraints constraints, String member, List<String> ids, String form, int most) {
    if (ids.size() > most) {
      constraints.add(
          "Value '" + ids + "' at '" + member + "'", "have length less than or equal to " + most);
    }
    if (!ids.stream().allMatch(id -> id.matches(form))) {
      constraints.map(
          member, ids, "Member", "Member must satisfy regular expression pattern: " + form);
    }
  }

  private static void checkEnvironment(@Nullable Map<String, String> environment) {
    if (environment == null) {
      return;
    }
    List<String> reserved = environment.keySet().stream().filter(RESERVED::contains).toList();
    if (!reserved.isEmpty()) {
      throw LambdaErrors.invalid(
          "Lambda was unable to configure your environment variables because the environment"
              + " variables you have provided contains reserved keys that are currently not"
              + " supported for modification. Reserved keys used in this request: "
              + String.join(", ", reserved));
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    environment.forEach(json::put);
    if (json.toString().getBytes(StandardCharsets.UTF_8).length > MAX_ENVIRONMENT_BYTES) {
      throw LambdaErrors.invalid(
          "Lambda was unable to configure your environment variables because the environment"
              + " variables you have provided exceeded the 4KB limit. String measured: "
              + json);
    }
  }
}
