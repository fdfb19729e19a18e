package dev.feast.aws.operator.admission;

import dev.feast.aws.api.v1alpha1.DeletionPolicy;
import dev.feast.aws.api.v1alpha1.FeatureServerSpec;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.api.v1alpha1.RolloutStrategy;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.validation.FeatureServerConfig;
import dev.feast.aws.operator.validation.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is legal, and perhaps not meant. Each is a sentence that begins with the key; the API server
 * shows up to 256 characters of it.
 */
final class Doubts {
  /** Names by which secrets are called. */
  private static final Pattern SECRET =
      Pattern.compile("(.*_)?(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|SECRET_KEY)");

  private Doubts() {}

  /** What the spec itself gives reason for. */
  static List<String> of(FeatureServerSpec spec) {
    var doubts = new ArrayList<String>();
    if (spec.suspend()) {
      doubts.add("spec.suspend: is true; nothing of this is deployed until it is false.");
    }
    ImageSpec image = spec.image();
    if (image != null) {
      byTag(doubts, "spec.image.uri", image.uri());
      byTag(doubts, "spec.image.source", image.source());
    }
    if (spec.rollout().strategy() == RolloutStrategy.Direct) {
      doubts.add(
          "spec.rollout.strategy: is Direct; a version that cannot read its registry gets the"
              + " traffic as well.");
    }
    if (spec.function().kmsKeyArn() == null) {
      new TreeSet<>(spec.function().environment().keySet())
          .stream()
              .filter(name -> SECRET.matcher(name).matches())
              .forEach(
                  name ->
                      doubts.add(
                          "spec.function.environment.%s: sounds like a secret; who may call lambda:GetFunctionConfiguration can read it. Let the function's role get it, or set spec.function.kmsKeyArn."
                              .formatted(name)));
    }
    return doubts;
  }

  private static void byTag(List<String> doubts, String key, @Nullable String text) {
    if (text != null
        && ImageReference.parse(text).filter(image -> !image.isByDigest()).isPresent()) {
      doubts.add(
          key
              + ": names a tag, which any change of the spec resolves anew; a digest"
              + " (@sha256:...) stays the same image.");
    }
  }

  /** What the spec and its feature_store.yaml together give reason for. */
  static List<String> of(FeatureServerConfig config) {
    if (!(config.endpoint().access() instanceof Access.Open)) {
      return List.of();
    }
    return List.of(
        config.deletionPolicy() == DeletionPolicy.Retain
            ? "spec.endpoint.authorization: is None; everybody who knows the URL may read its"
                + " features, and with deletionPolicy Retain after this FeatureServer is deleted as"
                + " well. APIKey, IAM and JWT ask who calls."
            : "spec.endpoint.authorization: is None; everybody who knows the URL may read its"
                + " features. APIKey, IAM and JWT ask who calls.");
  }

  /** What {@code feature_server.enabled: false} means for what is deployed. */
  static List<String> disabled(FeatureServerSpec spec, FeatureServerStatus status) {
    if (status.region() == null || spec.deletionPolicy() == DeletionPolicy.Retain) {
      return List.of();
    }
    return List.of(
        "feature_server.enabled: is false; function and endpoint are taken down, and the URL does"
            + " not come back. spec.deletionPolicy: Retain would leave them.");
  }
}
