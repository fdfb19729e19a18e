package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.rest.JsonMaps;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;

/** Functions, versions and aliases as Lambda answers them. */
final class FunctionJson {
  /** Lambda's own form of ISO 8601: milliseconds, and the offset without a colon. */
  private static final DateTimeFormatter MODIFIED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx");

  private FunctionJson() {}

  /** A configuration with its states, as all operations but the listings answer it. */
  static ObjectNode configuration(String arn, FunctionKey key, FunctionVersion version) {
    ObjectNode json = listed(arn, key, version);
    json.put("State", version.status().state());
    version
        .status()
        .stateReason()
        .ifPresent(
            reason -> json.put("StateReason", reason.text()).put("StateReasonCode", reason.code()));
    version.status().lastUpdateStatus().ifPresent(status -> json.put("LastUpdateStatus", status));
    version
        .status()
        .lastUpdateReason()
        .ifPresent(
            reason ->
                json.put("LastUpdateStatusReason", reason.text())
                    .put("LastUpdateStatusReasonCode", reason.code()));
    return json;
  }

  /** A configuration without states, as listings have it. */
  static ObjectNode listed(String arn, FunctionKey key, FunctionVersion version) {
    Settings settings = version.settings();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("FunctionName", key.name())
            .put("FunctionArn", arn)
            .put("Role", settings.role())
            .put("CodeSize", 0)
            .put("Description", settings.description())
            .put("Timeout", settings.timeoutSeconds())
            .put("MemorySize", settings.memoryMiB())
            .put("LastModified", MODIFIED.format(version.lastModified().atOffset(ZoneOffset.UTC)))
            .put("CodeSha256", settings.image().digest().hex())
            .put("Version", version.version())
            .put("RevisionId", version.revisionId())
            .put("PackageType", "Image");
    if (settings.environment() != null) {
      json.putObject("Environment").set("Variables", JsonMaps.json(settings.variables()));
    }
    if (!settings.kmsKeyArn().isEmpty()) {
      json.put("KMSKeyArn", settings.kmsKeyArn());
    }
    if (!settings.overrides().equals(ImageOverrides.NONE)) {
      json.putObject("ImageConfigResponse").set("ImageConfig", overrides(settings.overrides()));
    }
    json.putArray("Architectures").add(settings.architecture());
    json.putObject("EphemeralStorage").put("Size", settings.ephemeralStorageMiB());
    json.putObject("TracingConfig").put("Mode", settings.tracingMode());
    if (!settings.vpc().isNone()) {
      ObjectNode vpc = json.putObject("VpcConfig");
      vpc.set("SubnetIds", array(settings.vpc().subnetIds()));
      vpc.set("SecurityGroupIds", array(settings.vpc().securityGroupIds()));
      vpc.put("VpcId", "vpc-local").put("Ipv6AllowedForDualStack", false);
    }
    json.putObject("SnapStart")
        .put("ApplyOn", settings.snapStart().text())
        .put("OptimizationStatus", isOptimized(version) ? "On" : "Off");
    json.putObject("LoggingConfig")
        .put("LogFormat", "Text")
        .put("LogGroup", "/aws/lambda/" + key.name());
    return json;
  }

  /** Its snapshot is there. */
  private static boolean isOptimized(FunctionVersion version) {
    return version.settings().snapStart().appliesTo(version.version())
        && version.status() instanceof Status.Active;
  }

  private static ObjectNode overrides(ImageOverrides overrides) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (!overrides.entryPoint().isEmpty()) {
      json.set("EntryPoint", array(overrides.entryPoint()));
    }
    if (!overrides.command().isEmpty()) {
      json.set("Command", array(overrides.command()));
    }
    overrides.workingDirectory().ifPresent(dir -> json.put("WorkingDirectory", dir));
    return json;
  }

  static ObjectNode code(FunctionImage image) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("RepositoryType", "ECR")
        .put("ImageUri", image.imageUri())
        .put("ResolvedImageUri", image.resolvedUri());
  }

  static ObjectNode alias(FunctionKey key, Alias alias) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("AliasArn", key.arn(alias.name()))
            .put("Name", alias.name())
            .put("FunctionVersion", alias.version())
            .put("Description", alias.description())
            .put("RevisionId", alias.revisionId());
    if (!alias.additionalWeights().isEmpty()) {
      ObjectNode weights = json.putObject("RoutingConfig").putObject("AdditionalVersionWeights");
      alias.additionalWeights().forEach(weights::put);
    }
    return json;
  }

  static ObjectNode list(String name, Collection<? extends JsonNode> items) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray(name).addAll(items);
    return json;
  }

  private static ArrayNode array(List<String> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(array::add);
    return array;
  }
}
