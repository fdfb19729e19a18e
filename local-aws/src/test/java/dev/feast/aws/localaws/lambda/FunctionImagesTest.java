package dev.feast.aws.localaws.lambda;

import static dev.feast.aws.localaws.lambda.TestFunctions.assertError;
import static dev.feast.aws.localaws.lambda.TestFunctions.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.ecr.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.State;

/** Which images Lambda takes, may pull, and fails to prepare. */
class FunctionImagesTest {
  private TestFunctions functions;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    functions = new TestFunctions(data);
  }

  @AfterEach
  void stop() {
    functions.close();
  }

  @Test
  void resolvesATagOnce() {
    functions.create(r -> r.code(c -> c.imageUri(functions.repository + ":v1")));
    functions.awaitActive();
    functions.images.push(functions.repository, "v1", "moved");

    var function = functions.lambda.getFunction(r -> r.functionName("feast-dev"));
    assertThat(function.code().imageUri()).isEqualTo(functions.repository + ":v1");
    assertThat(function.code().resolvedImageUri()).isEqualTo(functions.image);
    assertThat(function.code().repositoryType()).isEqualTo("ECR");
    assertThat(function.configuration().codeSha256())
        .isEqualTo(functions.image.split("sha256:")[1]);
  }

  @Test
  void refusesAnIndex() {
    String index =
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":1}]}\
        """
            .formatted(Manifest.OCI_INDEX, Manifest.OCI_MANIFEST, functions.image.split("@")[1]);
    String uri =
        functions.images.pushManifest(functions.repository, "all", Manifest.OCI_INDEX, index);

    assertImageIsNotSupported(uri);
  }

  @Test
  void refusesAManifestThatDoesNotSayWhatItIs() {
    String manifest = manifest(Manifest.OCI_MANIFEST).replaceFirst("\"mediaType\":\"[^\"]*\",", "");
    String uri =
        functions.images.pushManifest(
            functions.repository, "untyped", Manifest.OCI_MANIFEST, manifest);

    assertImageIsNotSupported(uri);
  }

  private void assertImageIsNotSupported(String uri) {
    assertError(
        () -> functions.create(r -> r.code(c -> c.imageUri(uri))),
        400,
        "InvalidParameterValueException",
        "The image manifest, config or layer media type for the source image "
            + uri
            + " is not supported.");
  }

  @Test
  void takesAnImageAsDockerPushesIt() {
    String manifest =
        manifest(Manifest.DOCKER_MANIFEST)
            .replace(
                "application/vnd.oci.image.config.v1+json",
                "application/vnd.docker.container.image.v1+json")
            .replace(
                "application/vnd.oci.image.layer.v1.tar+gzip",
                "application/vnd.docker.image.rootfs.diff.tar.gzip");
    String uri =
        functions.images.pushManifest(
            functions.repository, "docker", Manifest.DOCKER_MANIFEST, manifest);
    functions.create(r -> r.code(c -> c.imageUri(uri)));

    functions.awaitActive();
    assertThat(text(functions.invoke(""))).isEqualTo("{}");
  }

  /** That of the image, as another kind. */
  private String manifest(String mediaType) {
    return functions
        .ecr
        .batchGetImage(
            r ->
                r.repositoryName("feast-dev")
                    .imageIds(ImageIdentifier.builder().imageTag("v1").build()))
        .images()
        .getFirst()
        .imageManifest()
        .replace(Manifest.OCI_MANIFEST, mediaType);
  }

  @Test
  void letsLambdaPullByAStatementInTheRepositoryPolicy() {
    functions.create(r -> {});

    assertThat(functions.ecr.getRepositoryPolicy(r -> r.repositoryName("feast-dev")).policyText())
        .contains("LambdaECRImageRetrievalPolicy")
        .contains("lambda.amazonaws.com");
  }

  @Test
  void cannotPullWhereTheRepositoryPolicyForbidsIt() {
    functions.ecr.setRepositoryPolicy(
        r ->
            r.repositoryName("feast-dev")
                .policyText(
                    """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:*"}]}\
                    """));

    assertError(
        () -> functions.create(r -> {}),
        403,
        "AccessDeniedException",
        "Lambda does not have permission to access the ECR image. Check the ECR permissions.");
  }

  @Test
  void failsToBeCreatedFromAnImageThatLambdaRefuses() {
    functions.broken.add(functions.image);
    functions.create(r -> {});

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(functions.configuration().state()).isEqualTo(State.FAILED));
    assertThat(functions.configuration().stateReasonCodeAsString()).isEqualTo("InvalidImage");
    assertThat(functions.configuration().stateReason())
        .isEqualTo("ImageLayerFailure: UnsupportedImageLayerDetected");
    assertError(
        () ->
            functions.lambda.updateFunctionCode(
                r -> r.functionName("feast-dev").imageUri(functions.image)),
        409,
        "ResourceConflictException",
        "The operation cannot be performed at this time. The function is currently in the following"
            + " state: Failed");
    functions.lambda.deleteFunction(r -> r.functionName("feast-dev"));
    functions.broken.clear();
    functions.create(r -> {});
    functions.awaitActive();
  }

  @Test
  void failsWhereItCannotBeMadeReadyForAnotherReasonThanItsImage() {
    functions.diskFull = true;
    functions.create(r -> {});

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(functions.configuration().state()).isEqualTo(State.FAILED));
    assertThat(functions.configuration().stateReasonCodeAsString()).isEqualTo("InternalError");
    assertThat(functions.configuration().stateReason()).contains("No space left on device");
    functions.lambda.deleteFunction(r -> r.functionName("feast-dev"));
    functions.diskFull = false;
    functions.create(r -> {});
    functions.awaitActive();
    functions.diskFull = true;
    functions.lambda.updateFunctionCode(r -> r.functionName("feast-dev").imageUri(functions.image));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(functions.configuration().lastUpdateStatus())
                    .isEqualTo(LastUpdateStatus.FAILED));
    assertThat(functions.configuration().lastUpdateStatusReasonCodeAsString())
        .isEqualTo("InternalError");
    assertThat(text(functions.invoke(""))).isEqualTo("{}");
  }
}
