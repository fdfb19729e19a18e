package dev.feast.aws.localaws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

class S3ServiceTest {
  private Path data;
  private LocalAws aws;
  private Sdk sdk;
  private S3Client s3;

  @BeforeEach
  void start(@TempDir Path data) throws IOException {
    this.data = data;
    aws = LocalAws.builder().dataDir(data).start();
    sdk = new Sdk(aws.endpoint());
    s3 = sdk.s3();
    s3.createBucket(
        b -> b.bucket("feast").createBucketConfiguration(c -> c.locationConstraint("us-west-2")));
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  private static S3Exception error(ThrowingCallable call) {
    return catchThrowableOfType(S3Exception.class, call);
  }

  private void put(String key, String content) {
    s3.putObject(o -> o.bucket("feast").key(key), RequestBody.fromString(content));
  }

  private String get(String key) {
    return s3.getObjectAsBytes(o -> o.bucket("feast").key(key)).asUtf8String();
  }

  @Test
  void returnsAnObjectAsItWasPut() {
    s3.putObject(
        o ->
            o.bucket("feast")
                .key("registries/dev")
                .contentType("application/protobuf")
                .cacheControl("no-store")
                .metadata(Map.of("owner", "risk")),
        RequestBody.fromString("content"));

    ResponseBytes<GetObjectResponse> got =
        s3.getObjectAsBytes(o -> o.bucket("feast").key("registries/dev"));

    assertThat(got.asUtf8String()).isEqualTo("content");
    GetObjectResponse response = got.response();
    assertThat(response.eTag()).isEqualTo("\"9a0364b9e99bb480dd25e1f0284c8555\"");
    assertThat(response.contentType()).isEqualTo("application/protobuf");
    assertThat(response.cacheControl()).isEqualTo("no-store");
    assertThat(response.contentEncoding()).isNull();
    assertThat(response.metadata()).isEqualTo(Map.of("owner", "risk"));
    assertThat(response.contentLength()).isEqualTo(7);
    assertThat(response.lastModified())
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
  }

  @ParameterizedTest
  @EnumSource(
      value = ChecksumAlgorithm.class,
      names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
  void keepsAndReturnsTheChecksumThatItVerified(ChecksumAlgorithm algorithm) {
    s3.putObject(
        o -> o.bucket("feast").key("a").checksumAlgorithm(algorithm),
        RequestBody.fromString("content"));

    HeadObjectResponse head =
        s3.headObject(o -> o.bucket("feast").key("a").checksumMode("ENABLED"));

    assertThat(
            switch (algorithm) {
              case CRC32 -> head.checksumCRC32();
              case CRC32_C -> head.checksumCRC32C();
              case SHA1 -> head.checksumSHA1();
              default -> head.checksumSHA256();
            })
        .isNotBlank();
    assertThat(get("a")).isEqualTo("content");
  }

  @Test
  void refusesContentWhoseChecksumIsWrong() {
    S3Exception wrong =
        error(
            () ->
                s3.putObject(
                    o -> o.bucket("feast").key("a").checksumCRC32("AAAAAA=="),
                    RequestBody.fromString("content")));

    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.awsErrorDetails().errorCode()).isEqualTo("BadDigest");
    assertThat(s3.listObjectsV2(l -> l.bucket("feast")).contents()).isEmpty();
  }

  @Test
  void takesABodyThatIsSentInChunksOfUnknownLength() {
    byte[] content = new byte[300_000];
    new Random(7).nextBytes(content);

    s3.putObject(
        o -> o.bucket("feast").key("a"),
        RequestBody.fromContentProvider(
            () -> new ByteArrayInputStream(content), content.length, "application/octet-stream"));

    assertThat(s3.getObjectAsBytes(o -> o.bucket("feast").key("a")).asByteArray())
        .isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b+c&d=e?f#g%20h",
        "ünïcödé/☃/😀",
        "//double//slash/",
        "dots/../and/./more",
        ".hidden",
        "tab\there"
      })
  void takesAnyKey(String key) {
    put(key, key);

    assertThat(get(key)).isEqualTo(key);
    assertThat(s3.listObjectsV2(l -> l.bucket("feast")).contents())
        .extracting(S3Object::key)
        .containsExactly(key);
  }

  @Test
  void replacesAndDeletes() {
    put("a", "1");
    put("a", "2");
    assertThat(get("a")).isEqualTo("2");

    s3.deleteObject(o -> o.bucket("feast").key("a"));
    s3.deleteObject(o -> o.bucket("feast").key("a"));

    S3Exception gone = error(() -> get("a"));
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(gone.awsErrorDetails().errorCode()).isEqualTo("NoSuchKey");
    assertThat(gone.awsErrorDetails().errorMessage())
        .isEqualTo("The specified key does not exist.");
    assertThat(gone.requestId()).isNotBlank();
    assertThat(error(() -> s3.headObject(o -> o.bucket("feast").key("a"))).statusCode())
        .isEqualTo(404);
  }

  @Test
  void deletesManyAtOnce() {
    put("a", "1");
    put("b", "2");

    var deleted =
        s3.deleteObjects(
            d ->
                d.bucket("feast")
                    .delete(
                        list ->
                            list.objects(
                                ObjectIdentifier.builder().key("a").build(),
                                ObjectIdentifier.builder().key("never-there").build())));

    assertThat(deleted.deleted()).extracting("key").containsExactly("a", "never-there");
    assertThat(s3.listObjectsV2(l -> l.bucket("feast")).contents())
        .extracting(S3Object::key)
        .containsExactly("b");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3,   0123,       bytes 0-3/10",
    "bytes=7-,    789,        bytes 7-9/10",
    "bytes=-2,    89,         bytes 8-9/10",
    "bytes=5-99,  56789,      bytes 5-9/10",
    "bytes=-99,   0123456789, bytes 0-9/10",
  })
  void returnsARange(String range, String expected, String contentRange) {
    put("a", "0123456789");

    ResponseBytes<GetObjectResponse> got =
        s3.getObjectAsBytes(o -> o.bucket("feast").key("a").range(range));

    assertThat(got.asUtf8String()).isEqualTo(expected);
    assertThat(got.response().contentRange()).isEqualTo(contentRange);
    assertThat(got.response().sdkHttpResponse().statusCode()).isEqualTo(206);
  }

  @Test
  void refusesARangeBehindTheEnd() {
    put("a", "0123456789");

    S3Exception behind =
        error(() -> s3.getObjectAsBytes(o -> o.bucket("feast").key("a").range("bytes=10-")));

    assertThat(behind.statusCode()).isEqualTo(416);
    assertThat(behind.awsErrorDetails().errorCode()).isEqualTo("InvalidRange");
  }

  @Test
  void answersConditionalReads() {
    put("a", "1");
    HeadObjectResponse head = s3.headObject(o -> o.bucket("feast").key("a"));

    assertThat(
            error(
                    () ->
                        s3.getObjectAsBytes(
                            o -> o.bucket("feast").key("a").ifNoneMatch(head.eTag())))
                .statusCode())
        .isEqualTo(304);
    assertThat(
            error(
                    () ->
                        s3.getObjectAsBytes(
                            o -> o.bucket("feast").key("a").ifModifiedSince(head.lastModified())))
                .statusCode())
        .isEqualTo(304);
    S3Exception changed =
        error(() -> s3.getObjectAsBytes(o -> o.bucket("feast").key("a").ifMatch("\"other\"")));
    assertThat(changed.statusCode()).isEqualTo(412);
    assertThat(changed.awsErrorDetails().errorCode()).isEqualTo("PreconditionFailed");
    assertThat(
            error(
                    () ->
                        s3.getObjectAsBytes(
                            o ->
                                o.bucket("feast")
                                    .key("a")
                                    .ifUnmodifiedSince(
                                        head.lastModified().minus(Duration.ofHours(1)))))
                .statusCode())
        .isEqualTo(412);
    assertThat(
            s3.getObjectAsBytes(
                    o -> o.bucket("feast").key("a").ifMatch(head.eTag()).ifNoneMatch("\"other\""))
                .asUtf8String())
        .isEqualTo("1");
  }

  @Test
  void answersConditionalWrites() {
    s3.putObject(o -> o.bucket("feast").key("a").ifNoneMatch("*"), RequestBody.fromString("first"));

    S3Exception there =
        error(
            () ->
                s3.putObject(
                    o -> o.bucket("feast").key("a").ifNoneMatch("*"),
                    RequestBody.fromString("second")));

    assertThat(there.statusCode()).isEqualTo(412);
    assertThat(get("a")).isEqualTo("first");
    String tag = s3.headObject(o -> o.bucket("feast").key("a")).eTag();
    s3.putObject(o -> o.bucket("feast").key("a").ifMatch(tag), RequestBody.fromString("third"));
    assertThat(get("a")).isEqualTo("third");
    assertThat(
            error(
                    () ->
                        s3.putObject(
                            o -> o.bucket("feast").key("a").ifMatch(tag),
                            RequestBody.fromString("fourth")))
                .statusCode())
        .isEqualTo(412);
  }

  @Test
  void listsInTheOrderOfUtf8Bytes() {
    // As UTF-16, which Java compares, the last two would be the other way round.
    List<String> keys = List.of("B", "a", "a/b", "ab", "ﬁ", "😀");
    keys.reversed().forEach(key -> put(key, ""));

    assertThat(s3.listObjectsV2(l -> l.bucket("feast")).contents())
        .extracting(S3Object::key)
        .containsExactlyElementsOf(keys);
  }

  @Test
  void listsFoldersByDelimiter() {
    for (String key : List.of("a/1", "a/2", "b", "c/1", "c/d/2", "e")) {
      put(key, "");
    }

    ListObjectsV2Response top = s3.listObjectsV2(l -> l.bucket("feast").delimiter("/"));
    assertThat(top.contents()).extracting(S3Object::key).containsExactly("b", "e");
    assertThat(top.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("a/", "c/");
    assertThat(top.keyCount()).isEqualTo(4);

    ListObjectsV2Response below =
        s3.listObjectsV2(l -> l.bucket("feast").prefix("c/").delimiter("/"));
    assertThat(below.contents()).extracting(S3Object::key).containsExactly("c/1");
    assertThat(below.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("c/d/");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void pagesThroughKeysAndFoldersWithoutLosingOrRepeatingOne(int pageSize) {
    for (String key : List.of("a/1", "a/2", "b", "c/1", "c/d/2", "e")) {
      put(key, "");
    }

    var seen = new ArrayList<String>();
    for (ListObjectsV2Response page :
        s3.listObjectsV2Paginator(l -> l.bucket("feast").delimiter("/").maxKeys(pageSize))) {
      assertThat(page.keyCount()).isBetween(1, pageSize);
      page.contents().forEach(object -> seen.add(object.key()));
      page.commonPrefixes().forEach(prefix -> seen.add(prefix.prefix()));
    }

    assertThat(seen).containsExactlyInAnyOrder("a/", "b", "c/", "e");
  }

  @Test
  void listsAfterAKey() {
    for (String key : List.of("a", "b", "c")) {
      put(key, key);
    }

    assertThat(s3.listObjectsV2(l -> l.bucket("feast").startAfter("a")).contents())
        .extracting(S3Object::key, S3Object::size)
        .containsExactly(tuple("b", 1L), tuple("c", 1L));
    assertThat(s3.listObjects(l -> l.bucket("feast").marker("b")).contents())
        .extracting(S3Object::key)
        .containsExactly("c");
  }

  @Test
  void copies() {
    s3.putObject(
        o -> o.bucket("feast").key("from/a b").metadata(Map.of("k", "v")),
        RequestBody.fromString("content"));

    s3.copyObject(
        c ->
            c.sourceBucket("feast")
                .sourceKey("from/a b")
                .destinationBucket("feast")
                .destinationKey("kept"));
    s3.copyObject(
        c ->
            c.sourceBucket("feast")
                .sourceKey("from/a b")
                .destinationBucket("feast")
                .destinationKey("replaced")
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("new", "one")));

    assertThat(get("kept")).isEqualTo("content");
    assertThat(s3.headObject(o -> o.bucket("feast").key("kept")).metadata())
        .isEqualTo(Map.of("k", "v"));
    assertThat(s3.headObject(o -> o.bucket("feast").key("replaced")).metadata())
        .isEqualTo(Map.of("new", "one"));
  }

  @Test
  void putsPartsTogether() {
    byte[] first = new byte[5 << 20];
    new Random(1).nextBytes(first);
    byte[] second = "the end".getBytes(StandardCharsets.UTF_8);
    String upload =
        s3.createMultipartUpload(
                m -> m.bucket("feast").key("big").contentType("application/protobuf"))
            .uploadId();
    List<CompletedPart> parts = new ArrayList<>();
    for (byte[] content : List.of(first, second)) {
      int number = parts.size() + 1;
      String tag =
          s3.uploadPart(
                  p -> p.bucket("feast").key("big").uploadId(upload).partNumber(number),
                  RequestBody.fromBytes(content))
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
    }
    assertThat(s3.listParts(p -> p.bucket("feast").key("big").uploadId(upload)).parts())
        .extracting("size")
        .containsExactly((long) first.length, (long) second.length);

    s3.completeMultipartUpload(
        m -> m.bucket("feast").key("big").uploadId(upload).multipartUpload(u -> u.parts(parts)));

    ResponseBytes<GetObjectResponse> got = s3.getObjectAsBytes(o -> o.bucket("feast").key("big"));
    assertThat(got.asByteArray()).startsWith(first).endsWith(second);
    assertThat(got.response().contentLength()).isEqualTo(first.length + second.length);
    assertThat(got.response().contentType()).isEqualTo("application/protobuf");
    assertThat(got.response().eTag()).matches("\"[0-9a-f]{32}-2\"");
    S3Exception again =
        error(
            () ->
                s3.completeMultipartUpload(
                    m ->
                        m.bucket("feast")
                            .key("big")
                            .uploadId(upload)
                            .multipartUpload(u -> u.parts(parts))));
    assertThat(again.awsErrorDetails().errorCode()).isEqualTo("NoSuchUpload");
  }

  @Test
  void refusesPartsThatDoNotFit() {
    String upload = s3.createMultipartUpload(m -> m.bucket("feast").key("big")).uploadId();
    var tags = new ArrayList<String>();
    for (int number = 1; number <= 2; number++) {
      int partNumber = number;
      tags.add(
          s3.uploadPart(
                  p -> p.bucket("feast").key("big").uploadId(upload).partNumber(partNumber),
                  RequestBody.fromString("small"))
              .eTag());
    }

    assertThat(complete(upload, part(1, tags.get(0)), part(2, tags.get(1))))
        .isEqualTo("EntityTooSmall");
    assertThat(complete(upload, part(2, tags.get(1)), part(1, tags.get(0))))
        .isEqualTo("InvalidPartOrder");
    assertThat(complete(upload, part(1, "\"00000000000000000000000000000000\"")))
        .isEqualTo("InvalidPart");

    s3.abortMultipartUpload(m -> m.bucket("feast").key("big").uploadId(upload));
    assertThat(complete(upload, part(1, tags.get(0)))).isEqualTo("NoSuchUpload");
  }

  private static CompletedPart part(int number, String tag) {
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private String complete(String upload, CompletedPart... parts) {
    return error(
            () ->
                s3.completeMultipartUpload(
                    m ->
                        m.bucket("feast")
                            .key("big")
                            .uploadId(upload)
                            .multipartUpload(u -> u.parts(parts))))
        .awsErrorDetails()
        .errorCode();
  }

  @Test
  void keepsObjectsAndUploadsWhenItStartsAgain() throws IOException {
    put("a", "content");
    String upload = s3.createMultipartUpload(m -> m.bucket("feast").key("big")).uploadId();
    String tag =
        s3.uploadPart(
                p -> p.bucket("feast").key("big").uploadId(upload).partNumber(1),
                RequestBody.fromString("part"))
            .eTag();
    String before = s3.headObject(o -> o.bucket("feast").key("a")).eTag();
    stop();

    aws = LocalAws.builder().dataDir(data).start();
    sdk = new Sdk(aws.endpoint());
    s3 = sdk.s3();

    assertThat(get("a")).isEqualTo("content");
    assertThat(s3.headObject(o -> o.bucket("feast").key("a")).eTag()).isEqualTo(before);
    s3.completeMultipartUpload(
        m ->
            m.bucket("feast")
                .key("big")
                .uploadId(upload)
                .multipartUpload(u -> u.parts(part(1, tag))));
    assertThat(get("big")).isEqualTo("part");
  }

  @Test
  void tellsWhereABucketIs() {
    sdk.in("us-east-1").s3().createBucket(b -> b.bucket("first-region"));
    sdk.in("us-east-1")
        .s3()
        .createBucket(
            b ->
                b.bucket("frankfurt")
                    .createBucketConfiguration(c -> c.locationConstraint("eu-central-1")));

    assertThat(s3.headBucket(b -> b.bucket("feast")).bucketRegion()).isEqualTo("us-west-2");
    assertThat(s3.getBucketLocation(b -> b.bucket("frankfurt")).locationConstraintAsString())
        .isEqualTo("eu-central-1");
    assertThat(s3.getBucketLocation(b -> b.bucket("first-region")).locationConstraintAsString())
        .isNullOrEmpty();
    assertThat(s3.listBuckets().buckets())
        .extracting(Bucket::name)
        .containsExactly("feast", "first-region", "frankfurt");
  }

  @Test
  void redirectsWhatIsSignedForAnotherRegion() {
    S3Exception regional =
        error(() -> sdk.in("eu-west-1").s3().getObjectAsBytes(o -> o.bucket("feast").key("a")));
    assertThat(regional.statusCode()).isEqualTo(301);
    assertThat(regional.awsErrorDetails().errorCode()).isEqualTo("PermanentRedirect");
    assertThat(
            regional.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region"))
        .contains("us-west-2");

    S3Exception global =
        error(() -> sdk.in("us-east-1").s3().getObjectAsBytes(o -> o.bucket("feast").key("a")));
    assertThat(global.statusCode()).isEqualTo(400);
    assertThat(global.awsErrorDetails().errorCode()).isEqualTo("AuthorizationHeaderMalformed");
    assertThat(global.awsErrorDetails().errorMessage()).contains("expecting 'us-west-2'");
  }

  @Test
  void letsAClientThatFollowsRegionsFindTheBucket() {
    put("a", "content");
    try (S3Client follows =
        S3Client.builder()
            .endpointOverride(aws.endpoint())
            .forcePathStyle(true)
            .crossRegionAccessEnabled(true)
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .httpClient(UrlConnectionHttpClient.create())
            .build()) {
      assertThat(follows.getObjectAsBytes(o -> o.bucket("feast").key("a")).asUtf8String())
          .isEqualTo("content");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "us-west-2, feast,     us-west-2, 409, BucketAlreadyOwnedByYou",
    "us-west-2, xn--feast, us-west-2, 400, InvalidBucketName",
    "us-west-2, other,     eu-west-1, 400, IllegalLocationConstraintException",
    "us-east-1, other,     us-east-1, 400, InvalidLocationConstraint",
  })
  void refusesToMakeABucket(
      String region, String name, String constraint, int status, String code) {
    S3Exception refused =
        error(
            () ->
                sdk.in(region)
                    .s3()
                    .createBucket(
                        b ->
                            b.bucket(name)
                                .createBucketConfiguration(c -> c.locationConstraint(constraint))));

    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
  }

  @Test
  void deletesOnlyAnEmptyBucket() {
    put("a", "1");
    assertThat(error(() -> s3.deleteBucket(b -> b.bucket("feast"))).awsErrorDetails().errorCode())
        .isEqualTo("BucketNotEmpty");

    s3.deleteObject(o -> o.bucket("feast").key("a"));
    s3.deleteBucket(b -> b.bucket("feast"));

    S3Exception gone = error(() -> s3.listObjectsV2(l -> l.bucket("feast")));
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(gone.awsErrorDetails().errorCode()).isEqualTo("NoSuchBucket");
    assertThat(error(() -> s3.headBucket(b -> b.bucket("feast"))).statusCode()).isEqualTo(404);
  }

  @Test
  void saysThatItDoesNotHaveAnOperation() {
    S3Exception missing = error(() -> s3.getBucketAcl(b -> b.bucket("feast")));

    assertThat(missing.statusCode()).isEqualTo(501);
    assertThat(missing.awsErrorDetails().errorCode()).isEqualTo("NotImplemented");
  }

  @Test
  void refusesWhatIsNotSigned() throws Exception {
    put("a", "secret");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(aws.endpoint() + "/feast/a")).build(),
                HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body())
        .contains("<Code>AccessDenied</Code><Message>Access Denied</Message>");
  }

  @Test
  void takesBodiesWithoutAChecksumOfTheSdk() {
    try (S3Client plain =
        S3Client.builder()
            .endpointOverride(aws.endpoint())
            .forcePathStyle(true)
            .region(Region.US_WEST_2)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .serviceConfiguration(c -> c.chunkedEncodingEnabled(false))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .httpClient(UrlConnectionHttpClient.create())
            .build()) {
      plain.putObject(o -> o.bucket("feast").key("a"), RequestBody.fromString("plain"));
    }

    assertThat(get("a")).isEqualTo("plain");
  }
}
