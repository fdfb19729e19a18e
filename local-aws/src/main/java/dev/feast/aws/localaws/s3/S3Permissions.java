package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Parameters;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import dev.feast.aws.localaws.spi.Permissions;
import java.util.Optional;

/**
 * What IAM has to allow for S3's operations: "Actions, resources, and condition keys for Amazon S3"
 * of the service authorization reference. Several operations share an action.
 */
final class S3Permissions {
  private static final String LIST = "s3:ListBucket";
  private static final String GET = "s3:GetObject";
  private static final String DELETE = "s3:DeleteObject";

  private final Iam iam;

  S3Permissions(Iam iam) {
    this.iam = iam;
  }

  static Permissions.Source ofAccount(Caller caller) {
    return () -> Permissions.of(caller, Permission.of("s3:ListAllMyBuckets", "*"));
  }

  static Permissions.Source onBucket(Caller caller, String action, String bucket) {
    return () -> Permissions.of(caller, Permission.of(action, arn(bucket)));
  }

  static Permissions.Source listing(Caller caller, String bucket, Parameters query) {
    return () ->
        Permissions.of(
            caller,
            Permission.of(LIST, arn(bucket)).with("s3:prefix", query.first("prefix").orElse("")));
  }

  static Permissions.Source onObject(Caller caller, String action, String bucket, String key) {
    return () -> Permissions.of(caller, Permission.of(action, arn(bucket, key)));
  }

  static Permissions.Source reading(Caller caller, String bucket, String key) {
    return onObject(caller, GET, bucket, key);
  }

  static Permissions.Source copying(Caller caller, Request request, String bucket, String key) {
    return () -> {
      CopySource source = CopySource.of(request);
      return Permissions.of(
          caller,
          Permission.of(GET, arn(source.bucket(), source.key())),
          Permission.of("s3:PutObject", arn(bucket, key)));
    };
  }

  /** Why an object may not be deleted, where several are. */
  Optional<String> refusedDeletion(Caller caller, String bucket, String key) {
    return iam.refusal(caller, Permission.of(DELETE, arn(bucket, key))).map(S3Permissions::quoted);
  }

  /**
   * What is said of an object that is not there: to whom may not list the bucket, nothing.
   *
   * @return the error to answer with
   */
  AwsError missing(Caller caller, String bucket, AwsError noSuchKey) {
    return iam.refusal(caller, Permission.of(LIST, arn(bucket)))
        .map(text -> AwsError.of(403, "AccessDenied", quoted(text)))
        .orElse(noSuchKey);
  }

  /** S3 puts the resource into quotes. */
  static String quoted(String refusal) {
    return refusal.replaceFirst("on resource: (\\S+)", "on resource: \"$1\"");
  }

  private static String arn(String bucket) {
    return "arn:aws:s3:::" + bucket;
  }

  private static String arn(String bucket, String key) {
    return arn(bucket) + "/" + key;
  }
}
