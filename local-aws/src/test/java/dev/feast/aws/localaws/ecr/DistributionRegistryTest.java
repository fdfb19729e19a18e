package dev.feast.aws.localaws.ecr;

import static dev.feast.aws.localaws.ecr.RegistryClient.digest;
import static dev.feast.aws.localaws.ecr.RegistryClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import land.oras.Config;
import land.oras.ContainerRef;
import land.oras.Layer;
import land.oras.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

class DistributionRegistryTest {
  private static final String PATH = "000000000000/us-west-2/feast-dev";
  private static final String OTHER = "000000000000/us-west-2/feast-other";
  private static final byte[] NOTHING = {};
  private static final byte[] BLOB = "a layer".getBytes(StandardCharsets.UTF_8);

  private LocalAws aws;
  private Sdk sdk;
  private EcrClient ecr;
  private RegistryClient registry;
  private Path data;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    this.data = data;
    aws = LocalAws.builder().dataDir(data).start();
    sdk = new Sdk(aws.endpoint());
    ecr = sdk.ecr();
    ecr.createRepository(r -> r.repositoryName("feast-dev"));
    registry = RegistryClient.of(aws.endpoint(), ecr);
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  @Test
  void pushesAndPullsWithOras(@TempDir Path folder) throws Exception {
    byte[] big = new byte[5 << 20];
    new Random(1).nextBytes(big);
    Path file = Files.write(folder.resolve("layer"), big);
    String password =
        new String(
                Base64.getDecoder()
                    .decode(
                        ecr.getAuthorizationToken()
                            .authorizationData()
                            .getFirst()
                            .authorizationToken()),
                StandardCharsets.UTF_8)
            .substring("AWS:".length());
    String host = "127.0.0.1:" + aws.endpoint().getPort();
    Registry oras = Registry.builder().insecure(host, "AWS", password).build();
    ContainerRef tag = ContainerRef.parse(host + "/" + PATH + ":v1");

    Layer layer = oras.pushBlob(tag, file, Map.of());
    Config config = oras.pushConfig(tag, Config.empty());
    land.oras.Manifest pushed =
        oras.pushManifest(
            tag,
            land.oras.Manifest.empty().withConfig(config).withLayers(java.util.List.of(layer)));

    land.oras.Manifest pulled = oras.getManifest(tag);
    assertThat(pulled.getLayers().getFirst().getDigest()).isEqualTo(digest(big));
    assertThat(oras.getDescriptor(tag).getDigest()).isEqualTo(pushed.getDescriptor().getDigest());
    try (var in = oras.fetchBlob(tag.withDigest(digest(big)))) {
      assertThat(digest(in.readAllBytes())).isEqualTo(digest(big));
    }
    assertThat(oras.getTags(tag).tags()).containsExactly("v1");
  }

  /** What skopeo and everything else on containers/image send, seen on the wire. */
  @Test
  void takesAPushAsSkopeoSendsIt() {
    assertThat(new RegistryClient(aws.endpoint(), "").get("/v2/").statusCode()).isEqualTo(401);
    assertThat(registry.get("/v2/").statusCode()).isEqualTo(200);
    for (byte[] blob : java.util.List.of(BLOB, bytes("{}"))) {
      String there = "/v2/" + PATH + "/blobs/" + digest(blob);
      assertThat(registry.send("HEAD", there, NOTHING).statusCode()).isEqualTo(404);
      var begun = registry.send("POST", "/v2/" + PATH + "/blobs/uploads/", NOTHING);
      assertThat(begun.statusCode()).isEqualTo(202);
      var sent =
          registry.stream(
              "PATCH",
              begun.headers().firstValue("Location").orElseThrow(),
              blob,
              "Content-Type",
              "application/octet-stream");
      assertThat(sent.statusCode()).isEqualTo(202);
      var done =
          registry.send(
              "PUT",
              sent.headers().firstValue("Location").orElseThrow() + "?digest=" + digest(blob),
              NOTHING,
              "Content-Type",
              "application/octet-stream");
      assertThat(done.statusCode()).isEqualTo(201);
      assertThat(registry.send("HEAD", there, NOTHING).statusCode()).isEqualTo(200);
    }
    String manifest = manifest("");
    assertThat(registry.pushManifest(PATH, "v1", Manifest.OCI_MANIFEST, manifest).statusCode())
        .isEqualTo(201);
    assertThat(text(registry.get("/v2/" + PATH + "/manifests/v1"))).isEqualTo(manifest);
  }

  @Test
  void takesABlobInChunksAndKnowsHowFarItGot() {
    var begun = registry.send("POST", "/v2/" + PATH + "/blobs/uploads/", NOTHING);
    assertThat(begun.statusCode()).isEqualTo(202);
    String location = begun.headers().firstValue("Location").orElseThrow();

    var first = registry.send("PATCH", location, bytes("a la"), "Content-Range", "0-3");
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(first.headers().firstValue("Range")).contains("0-3");
    var gap = registry.send("PATCH", location, bytes("yer"), "Content-Range", "9-11");
    assertThat(gap.statusCode()).isEqualTo(416);
    assertThat(gap.headers().firstValue("Range")).contains("0-3");
    assertThat(registry.get(location).statusCode()).isEqualTo(204);
    var done = registry.send("PUT", location + "?digest=" + digest(BLOB), bytes("yer"));
    assertThat(done.statusCode()).isEqualTo(201);
    assertThat(done.headers().firstValue("Docker-Content-Digest")).contains(digest(BLOB));
    assertThat(registry.get("/v2/" + PATH + "/blobs/" + digest(BLOB)).body()).isEqualTo(BLOB);
  }

  @Test
  void refusesABlobThatIsNotWhatItsDigestSays() {
    var answer =
        registry.send(
            "POST", "/v2/" + PATH + "/blobs/uploads/?digest=" + digest(BLOB), bytes("other"));

    assertError(answer, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    assertThat(registry.get("/v2/" + PATH + "/blobs/" + digest(BLOB)).statusCode()).isEqualTo(404);
  }

  @Test
  void servesPartOfABlob() {
    registry.pushBlob(PATH, BLOB);

    var part = registry.get("/v2/" + PATH + "/blobs/" + digest(BLOB), "Range", "bytes=2-4");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(text(part)).isEqualTo("lay");
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 2-4/7");
  }

  @Test
  void handsOutABlobOnlyWhereItWasPushedOrMounted() throws Exception {
    ecr.createRepository(r -> r.repositoryName("feast-other"));
    registry.pushBlob(PATH, BLOB);
    String there = "/v2/" + OTHER + "/blobs/" + digest(BLOB);
    assertError(registry.get(there), 404, "BLOB_UNKNOWN", "blob unknown to registry");

    var mounted =
        registry.send(
            "POST",
            "/v2/" + OTHER + "/blobs/uploads/?mount=" + digest(BLOB) + "&from=" + PATH,
            NOTHING);
    assertThat(mounted.statusCode()).isEqualTo(201);
    assertThat(registry.get(there).body()).isEqualTo(BLOB);
    try (var blobs = Files.list(data.resolve("ecr/sha256"))) {
      assertThat(blobs).hasSize(1);
    }

    ecr.deleteRepository(r -> r.repositoryName("feast-dev"));
    assertThat(registry.get(there).body()).isEqualTo(BLOB);
    ecr.deleteRepository(r -> r.repositoryName("feast-other"));
    try (var blobs = Files.list(data.resolve("ecr/sha256"))) {
      assertThat(blobs).isEmpty();
    }
  }

  @Test
  void beginsAnUploadWhereThereIsNothingToMount() {
    var answer =
        registry.send(
            "POST",
            "/v2/" + PATH + "/blobs/uploads/?mount=" + digest(BLOB) + "&from=" + OTHER,
            NOTHING);

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Location")).isPresent();
  }

  @Test
  void givesManifestsByTagAndDigestWithTheirMediaType() {
    String manifest = pushManifest("v1", "");

    for (String reference : java.util.List.of("v1", digest(bytes(manifest)))) {
      var answer = registry.get("/v2/" + PATH + "/manifests/" + reference);
      assertThat(text(answer)).isEqualTo(manifest);
      assertThat(answer.headers().firstValue("Content-Type")).contains(Manifest.OCI_MANIFEST);
      var head = registry.send("HEAD", "/v2/" + PATH + "/manifests/" + reference, NOTHING);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.headers().firstValue("Docker-Content-Digest"))
          .contains(digest(bytes(manifest)));
      assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(manifest.length());
    }
    assertThat(
            registry
                .get("/v2/" + PATH + "/manifests/v1", "Accept", Manifest.OCI_INDEX)
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void movesATagUnlessTagsAreImmutable() {
    pushManifest("v1", "");
    String second = pushManifest("v1", "second");
    assertThat(text(registry.get("/v2/" + PATH + "/manifests/v1"))).isEqualTo(second);

    ecr.putImageTagMutability(
        r -> r.repositoryName("feast-dev").imageTagMutability(ImageTagMutability.IMMUTABLE));
    var answer = registry.pushManifest(PATH, "v1", Manifest.OCI_MANIFEST, manifest("third"));
    assertError(
        answer,
        400,
        "TAG_INVALID",
        "The image tag 'v1' already exists in the 'feast-dev' repository and cannot be overwritten"
            + " because the tag is immutable.");
    assertThat(registry.pushManifest(PATH, "v1", Manifest.OCI_MANIFEST, second).statusCode())
        .isEqualTo(201);
  }

  @Test
  void refusesAManifestWhoseBlobsAreNotThere() {
    String manifest = manifest("").replace(digest(BLOB), digest(bytes("missing")));
    registry.pushBlob(PATH, bytes("{}"));

    var answer = registry.pushManifest(PATH, "v1", Manifest.OCI_MANIFEST, manifest);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(text(answer)).contains("BLOB_UNKNOWN").contains(digest(bytes("missing")));
  }

  @Test
  void refusesAManifestUnderAnotherDigestOrMediaType() {
    assertError(
        registry.pushManifest(PATH, digest(BLOB), Manifest.OCI_MANIFEST, manifest("")),
        400,
        "DIGEST_INVALID",
        "provided digest did not match uploaded content");
    assertError(
        registry.pushManifest(PATH, "v1", Manifest.DOCKER_MANIFEST, manifest("")),
        400,
        "MANIFEST_INVALID",
        "Manifest mediaType '"
            + Manifest.OCI_MANIFEST
            + "' does not match the media type '"
            + Manifest.DOCKER_MANIFEST
            + "'");
  }

  @Test
  void pagesThroughTags() {
    for (String tag : java.util.List.of("a", "b", "c")) {
      pushManifest(tag, tag);
    }
    var first = registry.get("/v2/" + PATH + "/tags/list?n=2");
    assertThat(text(first)).contains("[\"a\",\"b\"]");
    assertThat(first.headers().firstValue("Link"))
        .contains("</v2/" + PATH + "/tags/list?n=2&last=b>; rel=\"next\"");
    assertThat(text(registry.get("/v2/" + PATH + "/tags/list?n=2&last=b"))).contains("[\"c\"]");
  }

  @Test
  void asksForATokenAndTakesNoOther() {
    var answer = new RegistryClient(aws.endpoint(), "").get("/v2/");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .contains("Basic realm=\"" + aws.endpoint() + "/\",service=\"ecr.amazonaws.com\"");

    String wrong = Base64.getEncoder().encodeToString(bytes("AWS:wrong"));
    assertError(
        new RegistryClient(aws.endpoint(), "Basic " + wrong).get("/v2/"),
        403,
        "DENIED",
        "Your Authorization Token is invalid.");
    assertThat(registry.get("/v2/").statusCode()).isEqualTo(200);
  }

  @Test
  void knowsOnlyRepositoriesThatWereCreated() {
    assertError(
        registry.send("POST", "/v2/000000000000/us-west-2/nope/blobs/uploads/", NOTHING),
        404,
        "NAME_UNKNOWN",
        "The repository with name 'nope' does not exist in the registry with id '000000000000'");
  }

  @Test
  void deletesNothing() {
    pushManifest("v1", "");
    assertError(
        registry.send("DELETE", "/v2/" + PATH + "/manifests/v1", NOTHING),
        405,
        "UNSUPPORTED",
        "The operation is unsupported.");
  }

  private String pushManifest(String tag, String note) {
    registry.pushBlob(PATH, bytes("{}"));
    registry.pushBlob(PATH, BLOB);
    String manifest = manifest(note);
    var answer = registry.pushManifest(PATH, tag, Manifest.OCI_MANIFEST, manifest);
    assertThat(answer.statusCode()).describedAs(text(answer)).isEqualTo(201);
    return manifest;
  }

  private static String manifest(String note) {
    return """
    {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":7}],"annotations":{"note":"%s"}}\
    """
        .formatted(Manifest.OCI_MANIFEST, digest(bytes("{}")), digest(BLOB), note);
  }

  private static void assertError(
      java.net.http.HttpResponse<byte[]> answer, int status, String code, String message) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(text(answer))
        .isEqualTo("{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
