package dev.feast.aws.localaws.s3;

import static dev.feast.aws.localaws.s3.S3Permissions.copying;
import static dev.feast.aws.localaws.s3.S3Permissions.listing;
import static dev.feast.aws.localaws.s3.S3Permissions.ofAccount;
import static dev.feast.aws.localaws.s3.S3Permissions.onBucket;
import static dev.feast.aws.localaws.s3.S3Permissions.onObject;
import static dev.feast.aws.localaws.s3.S3Permissions.reading;

import dev.feast.aws.localaws.http.Parameters;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Permissions;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** S3: which operation a request asks for. */
public final class S3Service implements Service {
  private static final WireErrors ERRORS = new S3Errors();
  private static final String PUT = "s3:PutObject";

  /**
   * Query parameters that make another operation of a request; these are the ones that are not
   * here.
   */
  private static final Set<String> OTHER_OPERATIONS =
      Set.of(
          "accelerate",
          "acl",
          "analytics",
          "attributes",
          "cors",
          "encryption",
          "intelligent-tiering",
          "inventory",
          "legal-hold",
          "lifecycle",
          "logging",
          "metrics",
          "notification",
          "object-lock",
          "ownershipControls",
          "policy",
          "policyStatus",
          "publicAccessBlock",
          "replication",
          "requestPayment",
          "restore",
          "retention",
          "select",
          "session",
          "tagging",
          "torrent",
          "versioning",
          "versionId",
          "versions",
          "website");

  private final Buckets all;
  private final Clock clock;
  private final BucketOperations buckets;
  private final ObjectOperations objects;
  private final MultipartOperations multipart;
  private final S3Permissions permissions;

  private S3Service(Buckets buckets, Iam iam, Clock clock) {
    this.all = buckets;
    this.clock = clock;
    this.buckets = new BucketOperations(buckets, clock);
    this.objects = new ObjectOperations(clock);
    this.permissions = new S3Permissions(iam);
    this.multipart = new MultipartOperations(clock);
  }

  /** S3 with what lies in that folder. */
  public static S3Service open(Path folder, Iam iam, Clock clock) throws IOException {
    return new S3Service(Buckets.open(folder), iam, clock);
  }

  /** Makes a bucket where there is none of that name. */
  public void ensureBucket(String name, String region, String owner) throws IOException {
    if (all.find(name).isEmpty()) {
      all.create(new Bucket.Properties(name, region, owner, clock.millis()));
    }
  }

  /** Puts a file in as an object. */
  public void load(String bucket, String key, Path file) throws IOException {
    Bucket to = all.find(bucket).orElseThrow(() -> S3Errors.noSuchBucket(bucket));
    try (InputStream content = Files.newInputStream(file)) {
      to.put(key, Upload.of(content), Map.of(), clock.millis(), there -> {});
    }
  }

  @Override
  public String name() {
    return "s3";
  }

  @Override
  public WireErrors errors() {
    return ERRORS;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    String path = request.rawPath().substring(1);
    int slash = path.indexOf('/');
    String bucket = decode(slash < 0 ? path : path.substring(0, slash));
    String key = slash < 0 ? "" : decode(path.substring(slash + 1));
    if (caller.accessKeyId().isEmpty()) {
      // No bucket here is public, so an unsigned request is refused whatever it asks for.
      throw S3Errors.accessDenied();
    }
    Parameters query = query(request);
    if (query.list().stream().anyMatch(p -> OTHER_OPERATIONS.contains(p.name()))) {
      throw ERRORS.unknownOperation(request);
    }
    if (bucket.isEmpty()) {
      if (request.method().equals("GET")) {
        return Operation.reads("ListBuckets", ofAccount(caller), () -> buckets.list(caller));
      }
      throw ERRORS.unknownOperation(request);
    }
    return key.isEmpty()
        ? ofBucket(request, query, bucket, caller)
        : ofObject(request, query, bucket, key, caller);
  }

  private Operation ofBucket(Request request, Parameters query, String name, Caller caller) {
    return switch (request.method()) {
      case "PUT" ->
          Operation.mutates(
              "CreateBucket",
              onBucket(caller, "s3:CreateBucket", name),
              () -> buckets.create(name, request, caller));
      case "HEAD" ->
          Operation.reads(
              "HeadBucket",
              onBucket(caller, "s3:ListBucket", name),
              () -> buckets.head(name, caller));
      case "DELETE" ->
          Operation.mutates(
              "DeleteBucket",
              onBucket(caller, "s3:DeleteBucket", name),
              () -> buckets.delete(name, caller));
      case "GET" -> {
        if (query.has("location")) {
          yield Operation.reads(
              "GetBucketLocation",
              onBucket(caller, "s3:GetBucketLocation", name),
              () -> buckets.location(name));
        }
        if (query.has("uploads")) {
          yield Operation.reads(
              "ListMultipartUploads",
              onBucket(caller, "s3:ListBucketMultipartUploads", name),
              () -> multipart.list(buckets.get(name, caller)));
        }
        yield query.first("list-type").orElse("").equals("2")
            ? Operation.reads(
                "ListObjectsV2",
                listing(caller, name, query),
                () -> Listing.version2(buckets.get(name, caller), query))
            : Operation.reads(
                "ListObjects",
                listing(caller, name, query),
                () -> Listing.version1(buckets.get(name, caller), query));
      }
      case "POST" -> {
        if (query.has("delete")) {
          yield Operation.mutates(
              "DeleteObjects",
              // Each object is asked for, and refused, by itself.
              () -> Permissions.of(caller),
              () ->
                  objects.deleteAll(
                      buckets.get(name, caller),
                      request,
                      key -> permissions.refusedDeletion(caller, name, key)));
        }
        throw ERRORS.unknownOperation(request);
      }
      default -> throw ERRORS.unknownOperation(request);
    };
  }

  private Operation ofObject(
      Request request, Parameters query, String name, String key, Caller caller) {
    boolean upload = query.has("uploadId");
    return switch (request.method()) {
      case "GET" ->
          upload
              ? Operation.reads(
                  "ListParts",
                  onObject(caller, "s3:ListMultipartUploadParts", name, key),
                  () -> multipart.parts(buckets.get(name, caller), key, query))
              : Operation.reads(
                  "GetObject", reading(caller, name, key), () -> get(request, name, key, caller));
      case "HEAD" ->
          Operation.reads(
              "HeadObject", reading(caller, name, key), () -> get(request, name, key, caller));
      case "PUT" -> put(request, query, name, key, caller);
      case "POST" -> {
        if (query.has("uploads")) {
          yield Operation.mutates(
              "CreateMultipartUpload",
              onObject(caller, PUT, name, key),
              () -> multipart.begin(buckets.get(name, caller), key, request));
        }
        if (upload) {
          yield Operation.mutates(
              "CompleteMultipartUpload",
              onObject(caller, PUT, name, key),
              () -> multipart.complete(buckets.get(name, caller), key, request, query));
        }
        throw ERRORS.unknownOperation(request);
      }
      case "DELETE" ->
          upload
              ? Operation.mutates(
                  "AbortMultipartUpload",
                  onObject(caller, "s3:AbortMultipartUpload", name, key),
                  () -> multipart.abort(buckets.get(name, caller), key, query))
              : Operation.mutates(
                  "DeleteObject",
                  onObject(caller, "s3:DeleteObject", name, key),
                  () -> objects.delete(buckets.get(name, caller), key));
      default -> throw ERRORS.unknownOperation(request);
    };
  }

  private Response get(Request request, String name, String key, Caller caller) throws IOException {
    try {
      return objects.get(buckets.get(name, caller), key, request);
    } catch (AwsError e) {
      throw e.code().equals(S3Errors.NO_SUCH_KEY) ? permissions.missing(caller, name, e) : e;
    }
  }

  private Operation put(Request request, Parameters query, String name, String key, Caller caller) {
    boolean part = query.has("partNumber");
    boolean copy = request.headers().has("x-amz-copy-source");
    if (part && copy) {
      throw ERRORS.unknownOperation(request); // UploadPartCopy
    }
    if (part) {
      return Operation.mutates(
          "UploadPart",
          onObject(caller, PUT, name, key),
          () -> multipart.part(buckets.get(name, caller), key, request, query));
    }
    if (copy) {
      return Operation.mutates(
          "CopyObject",
          copying(caller, request, name, key),
          () ->
              objects.copy(
                  CopySource.of(request),
                  source -> buckets.get(source, caller),
                  buckets.get(name, caller),
                  key,
                  request));
    }
    return Operation.mutates(
        "PutObject",
        onObject(caller, PUT, name, key),
        () -> objects.put(buckets.get(name, caller), key, request));
  }

  private static Parameters query(Request request) {
    try {
      return request.query();
    } catch (IllegalArgumentException e) {
      throw S3Errors.invalidUri();
    }
  }

  /** In a path a plus sign is a plus sign. */
  static String decode(String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw S3Errors.invalidUri();
    }
  }
}
