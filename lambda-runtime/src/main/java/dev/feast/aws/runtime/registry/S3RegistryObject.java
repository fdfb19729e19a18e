package dev.feast.aws.runtime.registry;

import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.log.Log;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The registry object on S3, in whatever region its bucket is. By hand and not by the client's own
 * cross-region access, whose classes every start would load, with the bucket next door as well.
 */
public final class S3RegistryObject implements RegistryObject, AutoCloseable {

  private static final int NOT_MODIFIED = 304;
  private static final String BUCKET_REGION = "x-amz-bucket-region";

  private final Function<Region, S3Client> clients;
  private final String bucket;
  private final String key;

  /** Where the bucket is, as far as is known. */
  private record Access(Region region, S3Client s3) {}

  /** Changed by one fetch at a time: the cache has a lock around them. */
  private volatile Access access;

  /**
   * @param clients a client of a region; they are closed with this
   * @param region where the bucket is most likely
   */
  public S3RegistryObject(
      Function<Region, S3Client> clients, Region region, String bucket, String key) {
    this.clients = clients;
    this.bucket = bucket;
    this.key = key;
    this.access = new Access(region, clients.apply(region));
  }

  @Override
  public Optional<Content> fetch(@Nullable String knownEtag, Duration timeout)
      throws RegistryException {
    Deadline end = Deadline.in(timeout);
    try {
      try {
        return get(knownEtag, end);
      } catch (S3Exception e) {
        if (!isElsewhere(e)) {
          throw refused(e);
        }
        follow(e, end);
        return get(knownEtag, end);
      }
    } catch (S3Exception e) {
      throw refused(e);
    } catch (SdkClientException e) {
      throw new RegistryException(
          RegistryException.UNREACHABLE,
          "S3 could not be asked for the registry; it is tried again by itself",
          e);
    }
  }

  private Optional<Content> get(@Nullable String knownEtag, Deadline end) throws RegistryException {
    Duration left = left(end);
    try {
      ResponseBytes<GetObjectResponse> object =
          access
              .s3()
              .getObject(
                  GetObjectRequest.builder()
                      .bucket(bucket)
                      .key(key)
                      .ifNoneMatch(knownEtag)
                      .overrideConfiguration(override -> override.apiCallTimeout(left))
                      .build(),
                  ResponseTransformer.toBytes());
      return Optional.of(new Content(object.response().eTag(), object.asByteArrayUnsafe()));
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_MODIFIED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What the next call may take; all calls of a fetch share its time. */
  private static Duration left(Deadline end) throws RegistryException {
    Duration left = end.remaining();
    if (!left.isPositive()) {
      throw new RegistryException(
          RegistryException.UNREACHABLE, "S3 took too long over the registry; it is tried again");
    }
    return left;
  }

  /** Leaves connections and credentials behind: the next fetch has a new client. */
  public void reconnect() {
    Access before = access;
    access = new Access(before.region(), clients.apply(before.region()));
    before.s3().close();
  }

  @Override
  public void close() {
    access.s3().close();
  }

  /**
   * What S3 says of a bucket in another region: a regional endpoint redirects, the global one
   * (us-east-1) refuses the signature, and for regions that an account has to opt into the
   * constraint does not fit.
   */
  private static boolean isElsewhere(S3Exception e) {
    return switch (e.statusCode()) {
      case 301, 307 -> true;
      case 400 ->
          switch (codeOf(e)) {
            case "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" -> true;
            default -> false;
          };
      default -> false;
    };
  }

  private void follow(S3Exception elsewhere, Deadline end) throws RegistryException {
    Optional<String> said = regionIn(elsewhere);
    String name = said.isPresent() ? said.get() : askForRegion(end).orElse("");
    Access before = access;
    if (name.isEmpty() || name.equals(before.region().id())) {
      throw refused(elsewhere);
    }
    Log.info("the registry's bucket is in another region", "region", name);
    Region region = Region.of(name);
    access = new Access(region, clients.apply(region));
    before.s3().close();
  }

  /** S3 names the region in its answer to anybody who may list the bucket, and mostly to others. */
  private Optional<String> askForRegion(Deadline end) throws RegistryException {
    Duration left = left(end);
    try {
      return Optional.ofNullable(
          access
              .s3()
              .headBucket(
                  HeadBucketRequest.builder()
                      .bucket(bucket)
                      .overrideConfiguration(override -> override.apiCallTimeout(left))
                      .build())
              .bucketRegion());
    } catch (S3Exception e) {
      return regionIn(e);
    }
  }

  private static Optional<String> regionIn(S3Exception e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
        ? Optional.empty()
        : e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader(BUCKET_REGION);
  }

  private static RegistryException refused(S3Exception e) {
    String code = codeOf(e);
    return switch (e.statusCode()) {
      case 301, 307 ->
          new RegistryException(
              RegistryException.OTHER_REGION,
              "the registry's bucket is in another region, and S3 does not say in which",
              e);
      case 404 ->
          code.equals("NoSuchBucket")
              ? new RegistryException(
                  RegistryException.BUCKET_NOT_FOUND,
                  "there is no bucket of the name that feature_store.yaml has for the registry",
                  e)
              : new RegistryException(
                  RegistryException.NOT_FOUND,
                  "there is no registry where feature_store.yaml says; run feast apply",
                  e);
      case 403 ->
          code.isEmpty() || code.equals("AccessDenied")
              ? new RegistryException(
                  RegistryException.ACCESS_DENIED,
                  "S3 refused the registry; the execution role needs s3:GetObject on it,"
                      + " and s3:ListBucket on the bucket to tell a missing one from a forbidden"
                      + " one",
                  e)
              : new RegistryException(
                  code, "S3 refused the credentials with which the registry was asked for", e);
      case 400 ->
          new RegistryException(
              code.isEmpty() ? RegistryException.BAD_REQUEST : code,
              "S3 takes the request for the registry for a wrong one; look at the bucket's name and"
                  + " the object's key in feature_store.yaml, and at the function's credentials",
              e);
      default ->
          new RegistryException(
              code.isEmpty() ? "Http" + e.statusCode() : code,
              "S3 answered " + e.statusCode() + " when asked for the registry",
              e);
    };
  }

  /** Empty where S3 sent none. */
  private static String codeOf(S3Exception e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
        ? ""
        : e.awsErrorDetails().errorCode();
  }
}
