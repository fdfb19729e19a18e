package dev.feast.aws.localaws.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.EcrException;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.Tag;

class EcrServiceTest {
  private static final String PATH = "000000000000/us-west-2/feast-dev";

  private LocalAws aws;
  private Sdk sdk;
  private EcrClient ecr;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    aws = LocalAws.builder().dataDir(data).start();
    sdk = new Sdk(aws.endpoint());
    ecr = sdk.ecr();
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  @Test
  void describesARepositoryAsItWasCreated() {
    Repository created =
        ecr.createRepository(
                r ->
                    r.repositoryName("feast-dev")
                        .imageTagMutability(ImageTagMutability.IMMUTABLE)
                        .imageScanningConfiguration(s -> s.scanOnPush(true))
                        .tags(Tag.builder().key("feast-owned").value("True").build()))
            .repository();

    assertThat(created.repositoryArn())
        .isEqualTo("arn:aws:ecr:us-west-2:000000000000:repository/feast-dev");
    assertThat(created.repositoryUri())
        .isEqualTo("127.0.0.1:" + aws.endpoint().getPort() + "/" + PATH);
    assertThat(created.registryId()).isEqualTo("000000000000");
    assertThat(created.encryptionConfiguration().encryptionTypeAsString()).isEqualTo("AES256");
    assertThat(ecr.describeRepositories(r -> r.repositoryNames("feast-dev")).repositories())
        .containsExactly(created);
    assertThat(ecr.listTagsForResource(r -> r.resourceArn(created.repositoryArn())).tags())
        .containsExactly(Tag.builder().key("feast-owned").value("True").build());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1001})
  void refusesPagesOfASizeThatEcrDoesNotHave(int size) {
    ecr.createRepository(r -> r.repositoryName("feast-dev"));

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> ecr.describeRepositories(r -> r.maxResults(size)),
            () -> ecr.listImages(r -> r.repositoryName("feast-dev").maxResults(size)))) {
      EcrException error = catchThrowableOfType(EcrException.class, call);
      assertThat(error.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterException");
      assertThat(error.awsErrorDetails().errorMessage()).contains("maxResults");
    }
  }

  @Test
  void pagesThroughRepositoriesWhileOthersGo() {
    for (String name : List.of("aa", "bb", "cc", "dd", "ee")) {
      ecr.createRepository(r -> r.repositoryName(name));
    }
    var first = ecr.describeRepositories(r -> r.maxResults(2));
    ecr.deleteRepository(r -> r.repositoryName("bb"));
    var names = new ArrayList<>(first.repositories());
    names.addAll(
        ecr
            .describeRepositoriesPaginator(r -> r.maxResults(2).nextToken(first.nextToken()))
            .repositories()
            .stream()
            .toList());

    assertThat(names)
        .extracting(Repository::repositoryName)
        .containsExactly("aa", "bb", "cc", "dd", "ee");
  }

  @Test
  void changesTags() {
    String arn =
        ecr.createRepository(r -> r.repositoryName("feast-dev")).repository().repositoryArn();
    ecr.tagResource(r -> r.resourceArn(arn).tags(tag("a", "1"), tag("b", "2")));
    ecr.tagResource(r -> r.resourceArn(arn).tags(tag("b", "3")));
    ecr.untagResource(r -> r.resourceArn(arn).tagKeys("a"));

    assertThat(ecr.listTagsForResource(r -> r.resourceArn(arn)).tags())
        .containsExactly(tag("b", "3"));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Test
  void givesAPolicyBackIndentedAsEcrDoes() {
    ecr.createRepository(r -> r.repositoryName("feast-dev"));
    ecr.setRepositoryPolicy(
        r -> r.repositoryName("feast-dev").policyText("{\"Version\":\"2012-10-17\"}"));

    assertThat(ecr.getRepositoryPolicy(r -> r.repositoryName("feast-dev")).policyText())
        .isEqualTo("{\n  \"Version\" : \"2012-10-17\"\n}");
    ecr.deleteRepositoryPolicy(r -> r.repositoryName("feast-dev"));
    assertError(
        () -> ecr.getRepositoryPolicy(r -> r.repositoryName("feast-dev")),
        "RepositoryPolicyNotFoundException",
        "Repository policy does not exist for the repository with name 'feast-dev' in the registry"
            + " with id '000000000000'");
  }

  @Test
  void refusesToDeleteARepositoryWithImagesUnlessForced() {
    ecr.createRepository(r -> r.repositoryName("feast-dev"));
    pushImage("latest");

    assertError(
        () -> ecr.deleteRepository(r -> r.repositoryName("feast-dev")),
        "RepositoryNotEmptyException",
        "The repository with name 'feast-dev' in registry with id '000000000000' cannot be deleted"
            + " because it still contains images");
    ecr.deleteRepository(r -> r.repositoryName("feast-dev").force(true));
    assertThat(ecr.describeRepositories().repositories()).isEmpty();
  }

  @Test
  void describesImagesByWhatWasPushed() {
    ecr.createRepository(r -> r.repositoryName("feast-dev"));
    String digest = pushImage("v1");
    pushImage("v2");

    var details = ecr.describeImages(r -> r.repositoryName("feast-dev")).imageDetails();
    assertThat(details).hasSize(1);
    assertThat(details.getFirst().imageDigest()).isEqualTo(digest);
    assertThat(details.getFirst().imageTags()).containsExactly("v1", "v2");
    assertThat(details.getFirst().imageSizeInBytes()).isEqualTo(2 + 5);
    assertThat(details.getFirst().imageManifestMediaType()).isEqualTo(Manifest.OCI_MANIFEST);
    assertThat(ecr.listImages(r -> r.repositoryName("feast-dev")).imageIds())
        .extracting(ImageIdentifier::imageTag)
        .containsExactly("v1", "v2");
  }

  @Test
  void deletesAnImageWithItsLastTagAndReportsWhatItCannotDelete() {
    ecr.createRepository(r -> r.repositoryName("feast-dev"));
    String digest = pushImage("v1");
    pushImage("v2");

    var first =
        ecr.batchDeleteImage(
            r ->
                r.repositoryName("feast-dev")
                    .imageIds(id(null, "v1"), id(null, "nope"), id(null, null)));
    assertThat(first.imageIds()).containsExactly(id(digest, "v1"));
    assertThat(first.failures())
        .extracting(f -> f.failureCode())
        .containsExactly(ImageFailureCode.IMAGE_NOT_FOUND, ImageFailureCode.MISSING_DIGEST_AND_TAG);
    assertThat(first.failures().getFirst().failureReason()).isEqualTo("Requested image not found");
    assertThat(ecr.describeImages(r -> r.repositoryName("feast-dev")).imageDetails()).hasSize(1);

    ecr.batchDeleteImage(r -> r.repositoryName("feast-dev").imageIds(id(null, "v2")));
    assertThat(ecr.describeImages(r -> r.repositoryName("feast-dev")).imageDetails()).isEmpty();
  }

  @Test
  void keepsWhatAnIndexRefersTo() {
    ecr.createRepository(r -> r.repositoryName("feast-dev"));
    String digest = pushImage("v1");
    String index =
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":1}]}\
        """
            .formatted(Manifest.OCI_INDEX, Manifest.OCI_MANIFEST, digest);
    var registry = RegistryClient.of(aws.endpoint(), ecr);
    assertThat(registry.pushManifest(PATH, "all", Manifest.OCI_INDEX, index).statusCode())
        .isEqualTo(201);

    assertThat(
            ecr.batchDeleteImage(r -> r.repositoryName("feast-dev").imageIds(id(digest, null)))
                .failures())
        .extracting(f -> f.failureCodeAsString())
        .containsExactly("ImageReferencedByManifestList");
  }

  @Test
  void getsManifestsByTagAndDigest() {
    ecr.createRepository(r -> r.repositoryName("feast-dev"));
    String digest = pushImage("v1");

    var answer =
        ecr.batchGetImage(
            r ->
                r.repositoryName("feast-dev")
                    .imageIds(id(digest, null), id("sha256:" + "0".repeat(64), null)));
    assertThat(answer.images()).hasSize(1);
    assertThat(RegistryClient.digest(bytes(answer.images().getFirst().imageManifest())))
        .isEqualTo(digest);
    assertThat(answer.failures()).hasSize(1);
  }

  @Test
  void tagsAnImageAgainThroughPutImage() {
    ecr.createRepository(r -> r.repositoryName("feast-dev"));
    String digest = pushImage("v1");
    String manifest =
        ecr.batchGetImage(r -> r.repositoryName("feast-dev").imageIds(id(digest, null)))
            .images()
            .getFirst()
            .imageManifest();

    ecr.putImage(r -> r.repositoryName("feast-dev").imageManifest(manifest).imageTag("v2"));
    assertThat(
            ecr.describeImages(r -> r.repositoryName("feast-dev"))
                .imageDetails()
                .getFirst()
                .imageTags())
        .containsExactly("v1", "v2");
    assertThatThrownBy(
            () ->
                ecr.putImage(
                    r -> r.repositoryName("feast-dev").imageManifest(manifest).imageTag("v2")))
        .hasMessageContaining("already exists in the repository with name 'feast-dev'");
  }

  @Test
  void givesOutTokensThatAreBasicCredentials() {
    var data = ecr.getAuthorizationToken().authorizationData().getFirst();

    assertThat(
            new String(
                Base64.getDecoder().decode(data.authorizationToken()), StandardCharsets.UTF_8))
        .startsWith("AWS:");
    assertThat(data.proxyEndpoint()).isEqualTo(aws.endpoint().toString());
    assertThat(data.expiresAt()).isAfter(java.time.Instant.now().plusSeconds(11 * 3600));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "RepositoryNotFoundException",
            "The repository with name 'nope' does not exist in the registry with id '000000000000'",
            e -> e.describeRepositories(r -> r.repositoryNames("nope"))),
        mistake(
            "RepositoryAlreadyExistsException",
            "The repository with name 'taken' already exists in the registry with id"
                + " '000000000000'",
            e -> e.createRepository(r -> r.repositoryName("taken"))),
        mistake(
            "InvalidParameterException",
            "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy"
                + " regular expression"
                + " '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''",
            e -> e.createRepository(r -> r.repositoryName("No_Capitals"))),
        mistake(
            "ImageNotFoundException",
            "The image with imageId {imageDigest:'null', imageTag:'nope'} does not exist within the"
                + " repository with name 'taken' in the registry with id '000000000000'",
            e -> e.describeImages(r -> r.repositoryName("taken").imageIds(id(null, "nope")))),
        mistake(
            "InvalidParameterException",
            "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository"
                + " policy provided'",
            e -> e.setRepositoryPolicy(r -> r.repositoryName("taken").policyText("{"))),
        mistake(
            "LifecyclePolicyNotFoundException",
            "Lifecycle policy does not exist for the repository with name 'taken' in the registry"
                + " with id '000000000000'",
            e -> e.getLifecyclePolicy(r -> r.repositoryName("taken"))),
        mistake(
            "InvalidParameterException",
            "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid nextToken'",
            e -> e.describeRepositories(r -> r.nextToken("!"))));
  }

  private interface Use {
    void of(EcrClient ecr);
  }

  private static Arguments mistake(String code, String text, Use use) {
    return Arguments.of(code, text, use);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("mistakes")
  void answersMistakesAsEcrDoes(String code, String text, Use use) {
    ecr.createRepository(r -> r.repositoryName("taken"));
    assertError(() -> use.of(ecr), code, text);
  }

  @Test
  void refusesOperationsThatItDoesNotHave() throws Exception {
    var request =
        HttpRequest.newBuilder(aws.endpoint())
            .header("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.StartImageScan")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20261122/us-west-2/ecr/aws4_request,"
                    + " SignedHeaders=host, Signature="
                    + "0".repeat(64))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("\"__type\":\"UnknownOperationException\"");
    }
  }

  private static void assertError(ThrowingCallable call, String code, String text) {
    EcrException error = catchThrowableOfType(EcrException.class, call);
    assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(error.awsErrorDetails().errorMessage()).isEqualTo(text);
    assertThat(error.statusCode()).isEqualTo(400);
  }

  private String pushImage(String tag) {
    var registry = RegistryClient.of(aws.endpoint(), ecr);
    String config = registry.pushBlob(PATH, bytes("{}"));
    String layer = registry.pushBlob(PATH, bytes("layer"));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":5}]}\
        """
            .formatted(Manifest.OCI_MANIFEST, config, layer);
    var answer = registry.pushManifest(PATH, tag, Manifest.OCI_MANIFEST, manifest);
    assertThat(answer.statusCode()).describedAs(RegistryClient.text(answer)).isEqualTo(201);
    return RegistryClient.digest(bytes(manifest));
  }

  private static ImageIdentifier id(
      @org.jspecify.annotations.Nullable String digest,
      @org.jspecify.annotations.Nullable String tag) {
    return ImageIdentifier.builder().imageDigest(digest).imageTag(tag).build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
