package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.deploy.ImageDelivery;
import dev.feast.aws.operator.model.DesiredStack.DesiredImage;
import dev.feast.aws.operator.validation.ImageWish;

/** Finds out which image a FeatureServer means, by digest. */
public interface Images {

  /** What an image wish came to. */
  sealed interface Resolution {

    /**
     * It is known by digest.
     *
     * @param architecture as Lambda names it
     * @param delivery brings it to ECR, where it is not used in place
     */
    record Resolved(DesiredImage image, String architecture, ImageDelivery delivery)
        implements Resolution {}

    /**
     * It cannot be had now.
     *
     * @param stalled whether only a change of the spec can help
     */
    record Unavailable(String reason, String message, boolean stalled) implements Resolution {}
  }

  /**
   * Finds out which image is meant, by digest.
   *
   * @throws dev.feast.aws.operator.aws.AwsException when ECR cannot be asked
   */
  Resolution resolve(FeatureServer resource, ImageWish wish, AwsRegion aws);
}
