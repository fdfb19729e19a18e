package dev.feast.aws.operator.validation;

/**
 * Where Feast's registry is.
 *
 * @param bucket S3 bucket
 * @param key key of the object in it
 */
public record Registry(String bucket, String key) {

  /** As Feast's feature_store.yaml has it. */
  public String url() {
    return "s3://" + bucket + "/" + key;
  }
}
