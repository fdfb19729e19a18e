package dev.feast.aws.runtime.registry;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The registry object on S3. */
public final class S3RegistryObject implements RegistryObject {

  private static final int NOT_MODIFIED = 304;

  private final S3Client s3;
  private final String bucket;
  private final String key;

  public S3RegistryObject(S3Client s3, String bucket, String key) {
    this.s3 = s3;
    this.bucket = bucket;
    this.key = key;
  }

  @Override
  public Optional<Content> fetch(@Nullable String knownEtag) throws RegistryException {
    try {
      ResponseBytes<GetObjectResponse> object =
          s3.getObject(
              GetObjectRequest.builder().bucket(bucket).key(key).ifNoneMatch(knownEtag).build(),
              ResponseTransformer.toBytes());
      return Optional.of(new Content(object.response().eTag(), object.asByteArrayUnsafe()));
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_MODIFIED) {
        return Optional.empty();
      }
      throw refused(e);
    } catch (SdkClientException e) {
      throw new RegistryException(
          RegistryException.UNREACHABLE,
          "S3 could not be asked for the registry; it is tried again by itself",
          e);
    }
  }

  private static RegistryException refused(S3Exception e) {
    return switch (e.statusCode()) {
      case 404 ->
          new RegistryException(
              RegistryException.NOT_FOUND,
              "there is no registry where feature_store.yaml says; run feast apply",
              e);
      case 403 ->
          new RegistryException(
              RegistryException.ACCESS_DENIED,
              "S3 refused the registry; the execution role needs s3:GetObject on it,"
                  + " and s3:ListBucket on the bucket to tell a missing one from a forbidden one",
              e);
      default -> {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        yield new RegistryException(
            code == null ? "Http" + e.statusCode() : code,
            "S3 answered " + e.statusCode() + " when asked for the registry",
            e);
      }
    };
  }
}
