package dev.feast.aws.operator.validation;

import dev.feast.aws.api.v1alpha1.Architecture;
import org.jspecify.annotations.Nullable;

/** The image that the function is to run. */
public sealed interface ImageWish {

  /** What the wish is called in the status. */
  String text();

  /** What the function is to run on; null: whatever there is, for images of others amd64. */
  @Nullable Architecture architecture();

  /** The runtime that ships with the operator. */
  record Shipped(@Nullable Architecture architecture) implements ImageWish {
    @Override
    public String text() {
      return "shipped with the operator";
    }
  }

  /** An image in ECR that is used in place. */
  record InEcr(ImageReference reference, @Nullable Architecture architecture) implements ImageWish {
    @Override
    public String text() {
      return reference.toString();
    }
  }

  /**
   * An image anywhere that is copied to ECR.
   *
   * @param pullSecret name of the Secret with the credentials for it; without one it is read
   *     anonymously
   */
  record Copied(
      ImageReference reference, @Nullable String pullSecret, @Nullable Architecture architecture)
      implements ImageWish {
    @Override
    public String text() {
      return reference.toString();
    }
  }
}
