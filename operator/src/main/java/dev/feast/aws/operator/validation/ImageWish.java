package dev.feast.aws.operator.validation;

import org.jspecify.annotations.Nullable;

/** The image that the function is to run. */
public sealed interface ImageWish {

  /** What the wish is called in the status. */
  String text();

  /** The runtime that ships with the operator. */
  record Shipped() implements ImageWish {
    @Override
    public String text() {
      return "shipped with the operator";
    }
  }

  /** An image in ECR that is used in place. */
  record InEcr(ImageReference reference) implements ImageWish {
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
  record Copied(ImageReference reference, @Nullable String pullSecret) implements ImageWish {
    @Override
    public String text() {
      return reference.toString();
    }
  }
}
