package dev.feast.aws.operator.validation;

import dev.feast.aws.api.v1alpha1.FunctionSpec;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.api.v1alpha1.VpcSpec;
import dev.feast.aws.operator.model.Capacity;
import dev.feast.aws.operator.model.VpcAttachment;
import dev.feast.aws.operator.validation.Problem.Reason;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the spec says about the function itself: its image and its environment. */
final class FunctionChecks {
  /** Lambda's own rule for the names of environment variables. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]+");

  /** A registry of ECR, whatever the partition's domain: {@code <account>.dkr.ecr.<region>.…}. */
  private static final Pattern ECR_HOST =
      Pattern.compile("[0-9]{12}\\.dkr[.-]ecr(?:-fips)?\\.([a-z0-9-]+)\\..+");

  /** Lambda takes keys only, no aliases. */
  private static final Pattern KMS_KEY =
      Pattern.compile("arn:[a-z-]+:kms:(?<region>[a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]+");

  private final TenantChecks tenant;
  private final List<Problem> problems;

  FunctionChecks(TenantChecks tenant, List<Problem> problems) {
    this.tenant = tenant;
    this.problems = problems;
  }

  /**
   * @param region where the function is to be; null where that is not known
   */
  @Nullable ImageWish image(@Nullable ImageSpec image, @Nullable String region) {
    if (image == null || (image.uri() == null && image.source() == null)) {
      return new ImageWish.Shipped(image == null ? null : image.architecture());
    }
    if (image.uri() != null) {
      ImageReference reference = reference("spec.image.uri", image.uri());
      if (reference == null || !isIn(region, reference)) {
        return null;
      }
      return new ImageWish.InEcr(reference, image.architecture());
    }
    ImageReference reference = reference("spec.image.source", String.valueOf(image.source()));
    if (reference == null) {
      return null;
    }
    tenant.imageHost(reference);
    return new ImageWish.Copied(
        reference,
        image.pullSecret() == null ? null : image.pullSecret().name(),
        image.architecture());
  }

  private @Nullable ImageReference reference(String key, String text) {
    ImageReference reference = ImageReference.parse(text).orElse(null);
    if (reference == null) {
      problems.add(
          new Problem(
              Reason.InvalidImage,
              key,
              "holds \""
                  + text
                  + "\"; must be an image reference such as registry/repository:tag or"
                  + " registry/repository@sha256:<64 hex digits>"));
    }
    return reference;
  }

  private boolean isIn(@Nullable String region, ImageReference reference) {
    Matcher ecr = ECR_HOST.matcher(reference.registry());
    if (!ecr.matches() || region == null || ecr.group(1).equals(region)) {
      return true;
    }
    problems.add(
        new Problem(
            Reason.InvalidImage,
            "spec.image.uri",
            "holds \""
                + reference
                + "\", which is in "
                + ecr.group(1)
                + ", but the function is in "
                + region
                + ", and Lambda takes images of its own region only; give it as spec.image.source,"
                + " with a spec.image.pullSecret for "
                + reference.registry()
                + ", to have it copied"));
    return false;
  }

  /**
   * The key of the environment, empty for Lambda's own; null after a mistake was noted.
   *
   * @param region where the function is to be; null where that is not known
   */
  @Nullable String kmsKeyArn(FunctionSpec function, @Nullable String region) {
    String arn = function.kmsKeyArn();
    if (arn == null) {
      return "";
    }
    Matcher key = KMS_KEY.matcher(arn);
    boolean valid = key.matches();
    if (valid && (region == null || key.group("region").equals(region))) {
      return arn;
    }
    problems.add(
        new Problem(
            Reason.InvalidKmsKey,
            "spec.function.kmsKeyArn",
            "holds \"%s\"; must be the ARN of a KMS key%s, such as"
                    .formatted(arn, region == null ? "" : " in the function's region " + region)
                + " arn:<partition>:kms:<region>:123456789012:key/<id>"));
    return null;
  }

  static Capacity capacity(FunctionSpec function) {
    Integer provisioned = function.provisionedConcurrency();
    return new Capacity(function.reservedConcurrency(), provisioned == null ? 0 : provisioned);
  }

  static VpcAttachment vpc(FunctionSpec function) {
    VpcSpec vpc = function.vpc();
    return vpc == null
        ? VpcAttachment.NONE
        : VpcAttachment.of(vpc.subnetIds(), vpc.securityGroupIds());
  }

  /**
   * The whole environment, or null where it cannot be as the spec says.
   *
   * @param settings the runtime's own
   */
  @Nullable Map<String, String> environment(
      FunctionSpec function, String featureStoreYaml, Map<String, String> settings) {
    int before = problems.size();
    for (String name : new TreeSet<>(function.environment().keySet())) {
      if (RuntimeEnvironment.isReserved(name)) {
        problems.add(
            new Problem(
                Reason.ReservedEnvironmentName,
                "spec.function.environment." + name,
                "is a reserved name: "
                    + (RuntimeEnvironment.RESERVED_BY_LAMBDA.contains(name)
                        ? "Lambda sets it itself"
                        : "the operator sets it for the runtime")
                    + "; choose another one"));
      } else if (!NAME.matcher(name).matches()) {
        problems.add(
            new Problem(
                Reason.InvalidEnvironmentName,
                "spec.function.environment." + name,
                "is no name that Lambda takes: a letter, then letters, digits or underscores, at"
                    + " least two characters"));
      }
    }
    Map<String, String> all = new TreeMap<>(function.environment());
    all.putAll(settings);
    return switch (RuntimeEnvironment.of(featureStoreYaml, all)) {
      case RuntimeEnvironment.Fits(Map<String, String> variables) ->
          problems.size() == before ? variables : null;
      case RuntimeEnvironment.TooLarge tooLarge -> {
        problems.add(
            new Problem(
                Reason.EnvironmentTooLarge,
                "spec.function.environment",
                "is too large together with the feature_store.yaml and the API keys' digests: "
                    + tooLarge.plainBytes()
                    + " bytes, "
                    + tooLarge.compressedBytes()
                    + " with the feature_store.yaml compressed, and Lambda takes "
                    + RuntimeEnvironment.MAX_BYTES
                    + "; shorten the feature_store.yaml or the variables"));
        yield null;
      }
    };
  }
}
