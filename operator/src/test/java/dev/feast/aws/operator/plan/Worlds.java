package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.ApiKey;
import dev.feast.aws.operator.model.Capacity;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.model.DesiredRollout;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.DesiredStack.DesiredFunction;
import dev.feast.aws.operator.model.DesiredStack.DesiredImage;
import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Version;
import dev.feast.aws.operator.model.Owner;
import dev.feast.aws.operator.model.RouteKey;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.model.Tags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Desired stacks, and worlds that are as they desire. */
public final class Worlds {
  static final Owner OWNER = new Owner("cluster-1", "team", "dev", "uid-1");
  static final Location LOCATION =
      new Location("aws", "amazonaws.com", "123456789012", "us-west-2");
  static final String DIGEST = digest('a');

  private Worlds() {}

  static String digest(char letter) {
    return "sha256:" + String.valueOf(letter).repeat(64);
  }

  public static DesiredStack desired() {
    return desired(DIGEST, 512, Map.of("FEATURE_STORE_YAML_BASE64", "eA=="), Map.of());
  }

  static DesiredStack desired(
      String digest, int memory, Map<String, String> environment, Map<String, String> tags) {
    return desired(new DesiredImage.Copied(digest), memory, environment, tags);
  }

  static DesiredStack desired(DesiredImage image, int memory) {
    return desired(image, memory, Map.of("FEATURE_STORE_YAML_BASE64", "eA=="), Map.of());
  }

  static DesiredStack desired(DesiredRollout rollout, int memory) {
    return desired(
        new DesiredImage.Copied(DIGEST),
        memory,
        Map.of("FEATURE_STORE_YAML_BASE64", "eA=="),
        Map.of(),
        rollout);
  }

  static DesiredStack desired(
      DesiredImage image, int memory, Map<String, String> environment, Map<String, String> tags) {
    return desired(image, memory, environment, tags, new DesiredRollout(true, null, 1));
  }

  static DesiredStack desired(
      DesiredImage image,
      int memory,
      Map<String, String> environment,
      Map<String, String> tags,
      DesiredRollout rollout) {
    return desired(image, memory, environment, tags, rollout, Capacity.ON_DEMAND, null);
  }

  static DesiredStack desired(Capacity capacity, int memory) {
    return desired(
        new DesiredImage.Copied(DIGEST),
        memory,
        Map.of("FEATURE_STORE_YAML_BASE64", "eA=="),
        Map.of(),
        new DesiredRollout(true, null, 1),
        capacity,
        null);
  }

  static DesiredStack desired(@Nullable Integer logRetentionDays, Map<String, String> tags) {
    return desired(
        new DesiredImage.Copied(DIGEST),
        512,
        Map.of(),
        tags,
        new DesiredRollout(true, null, 1),
        Capacity.ON_DEMAND,
        logRetentionDays);
  }

  static DesiredStack desired(
      DesiredImage image,
      int memory,
      Map<String, String> environment,
      Map<String, String> tags,
      DesiredRollout rollout,
      Capacity capacity,
      @Nullable Integer logRetentionDays) {
    return new DesiredStack(
        OWNER,
        LOCATION,
        StackName.of(OWNER),
        Tags.of(OWNER, "dev", tags),
        image,
        new DesiredFunction(
            new FunctionSettings(
                "arn:aws:iam::123456789012:role/lambda",
                memory,
                30,
                Environment.of(environment),
                ""),
            "x86_64"),
        capacity,
        logRetentionDays,
        DesiredEndpoint.OPEN,
        rollout,
        RouteKey.ALL);
  }

  /** The same, with an endpoint of that kind: the function asks for keys where it is to. */
  public static DesiredStack desired(DesiredStack stack, DesiredEndpoint endpoint) {
    FunctionSettings settings = stack.function().settings();
    var environment = new TreeMap<>(settings.environment().variables());
    environment.remove(ApiKey.DIGESTS);
    if (endpoint.access() instanceof Access.ByApiKey byApiKey) {
      environment.put(ApiKey.DIGESTS, byApiKey.keys().getFirst().sha256());
    }
    return new DesiredStack(
        stack.owner(),
        stack.location(),
        stack.name(),
        stack.tags(),
        stack.image(),
        new DesiredFunction(
            new FunctionSettings(
                settings.role(),
                settings.memoryMiB(),
                settings.timeoutSeconds(),
                Environment.of(environment),
                settings.kmsKeyArn()),
            stack.function().architecture()),
        stack.capacity(),
        stack.logRetentionDays(),
        endpoint,
        stack.rollout(),
        stack.routes());
  }

  /** What is there once everything that is desired was made. */
  public static ObservedStack complete(DesiredStack desired) {
    return new SimulatedAws(desired, ObservedStack.EMPTY)
        .settle()
        .changingFunction(function -> function.withVerified(0));
  }

  /** A version that runs from the FeatureServer's own repository. */
  static Version version(long number, FunctionSettings settings, String digest) {
    return new Version(number, settings, digest, "registry/" + StackName.of(OWNER) + "@" + digest);
  }

  static List<String> actions(Plan plan) {
    return plan.steps().stream().map(Step::action).toList();
  }
}
