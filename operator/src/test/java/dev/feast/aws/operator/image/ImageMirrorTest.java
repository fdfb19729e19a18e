package dev.feast.aws.operator.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.operator.image.ImageOutcome.NotFound;
import dev.feast.aws.operator.image.ImageOutcome.Ready;
import dev.feast.aws.operator.image.ImageOutcome.Unauthorized;
import dev.feast.aws.operator.image.ImageOutcome.Unavailable;
import dev.feast.aws.operator.image.ImageOutcome.Unsupported;
import dev.feast.aws.operator.image.ImageOutcome.WrongPlatform;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import land.oras.ContainerRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.AuthorizationData;

@Isolated("listens to what is logged of all copies of images")
class ImageMirrorTest {
  private static final String NO_DIGEST = "sha256:" + "0".repeat(64);

  private static LocalAws aws;
  private static EcrClient ecr;
  private static int repositories;

  private final ImageMirror mirror = new ImageMirror(4);
  private TestLayout layout;
  private RemoteRepository target;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    aws = LocalAws.builder().dataDir(data).start();
    ecr =
        EcrClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.US_WEST_2)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build();
  }

  @AfterAll
  static void stop() {
    ecr.close();
    aws.close();
  }

  @BeforeEach
  void newRepository(@TempDir Path folder) {
    layout = new TestLayout(folder);
    target = repository();
    aws.calls().clear();
  }

  @AfterEach
  void close() {
    aws.faults().clear();
    mirror.close();
  }

  @Test
  void copiesTheShippedImageByDigest() throws Exception {
    ObjectNode image = layout.image("amd64", "jre", "app", "cache");
    ImageSource shipped = layout.of(image, layout.attestation());

    ImageOutcome outcome = mirror.copy(shipped, target, Platform.AMD64);

    String digest = image.path("digest").textValue();
    assertThat(outcome).isEqualTo(new Ready(digest));
    assertThat(mirror.resolve(shipped, Platform.AMD64)).isEqualTo(outcome);
    assertThat(mirror.resolve(inTarget(digest), Platform.AMD64)).isEqualTo(outcome);
    assertThat(
            ecr.describeImages(r -> r.repositoryName(name(target))).imageDetails().stream()
                .map(detail -> detail.imageDigest()))
        .containsExactly(digest);
  }

  @Test
  void anotherClientCanPullWhatWasCopied() throws Exception {
    ImageSource shipped = layout.of(layout.image("amd64", "jre", "app"));
    Ready ready = (Ready) mirror.copy(shipped, target, Platform.AMD64);

    Credentials.Basic basic = (Credentials.Basic) target.credentials();
    land.oras.Registry oras =
        land.oras.Registry.builder()
            .insecure(target.registry().getAuthority(), basic.username(), basic.password())
            .build();
    ContainerRef reference =
        ContainerRef.parse(
            target.registry().getAuthority() + "/" + target.name() + "@" + ready.digest());

    assertThat(oras.getManifest(reference).getDigest()).isEqualTo(ready.digest());
    assertThat(oras.getManifest(reference).getLayers()).hasSize(2);
  }

  @Test
  void makesNoMutatingCallForWhatIsThere() throws Exception {
    ImageSource shipped = layout.of(layout.image("amd64", "jre", "app"));
    ImageOutcome first = mirror.copy(shipped, target, Platform.AMD64);
    aws.calls().clear();

    assertThat(mirror.copy(shipped, target, Platform.AMD64)).isEqualTo(first);

    assertThat(aws.calls().mutating()).isEmpty();
  }

  @Test
  void copiesOnlyTheLayersThatAreMissing() throws Exception {
    mirror.copy(layout.of(layout.image("amd64", "jre", "app 1")), target, Platform.AMD64);
    aws.calls().clear();

    mirror.copy(layout.of(layout.image("amd64", "jre", "app 2")), target, Platform.AMD64);

    assertThat(mutating()).containsOnlyOnce("InitiateLayerUpload", "PutImage");
  }

  /** Each place where a copy may be cut off, before and after the registry did its part. */
  static Stream<Arguments> cuts() {
    return Stream.of("InitiateLayerUpload", "CompleteLayerUpload", "PutImage")
        .flatMap(
            operation -> Stream.of(Fault.When.values()).map(when -> arguments(operation, when)));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void goesOnWhereItWasCutOff(String operation, Fault.When when) throws Exception {
    ImageSource shipped = layout.of(layout.image("amd64", "jre", "app", "cache"));
    aws.faults().add(new Fault("ecr", operation, new Fault.Action.Cut(), when, 0, 1));

    assertThat(mirror.copy(shipped, target, Platform.AMD64)).isInstanceOf(Unavailable.class);
    assertThat(aws.faults().list()).isEmpty();

    assertThat(mirror.copy(shipped, target, Platform.AMD64)).isInstanceOf(Ready.class);
  }

  @Test
  void tellsHowFarItIs() throws Exception {
    ImageSource shipped = layout.of(layout.image("amd64", "jre", "app", "app"));
    var log = (Logger) LoggerFactory.getLogger(ImageMirror.class);
    var told = new ListAppender<ILoggingEvent>();
    told.start();
    log.addAppender(told);
    try {
      mirror.copy(shipped, target, Platform.AMD64);
    } finally {
      log.detachAppender(told);
    }

    assertThat(told.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains(" blobs, "))
        .extracting(line -> line.replaceAll(".*: (.*) blobs.*", "$1"))
        .containsExactly("1 of 3", "2 of 3", "3 of 3");
  }

  @Test
  void copiesFromAnotherRegistry() throws Exception {
    ImageSource shipped = layout.of(layout.image("amd64", "jre", "x".repeat(3_000_000)));
    Ready ready = (Ready) mirror.copy(shipped, target, Platform.AMD64);
    RemoteRepository other = repository();

    assertThat(mirror.copy(inTarget(ready.digest()), other, Platform.AMD64)).isEqualTo(ready);
    assertThat(mirror.resolve(new ImageSource.Remote(other, ready.digest()), Platform.AMD64))
        .isEqualTo(ready);
  }

  @Test
  void takesTheFunctionsPlatformFromAnIndexInAnIndex() throws Exception {
    ObjectNode amd64 = layout.image("amd64", "a");
    ObjectNode arm64 = layout.image("arm64", "b");
    ObjectNode index = layout.indexOf(layout.attestation(), amd64, arm64);
    ImageSource source = layout.of(layout.document(index));

    assertThat(mirror.resolve(source, Platform.AMD64))
        .isEqualTo(new Ready(amd64.path("digest").textValue()));
    assertThat(mirror.resolve(source, Platform.ARM64))
        .isEqualTo(new Ready(arm64.path("digest").textValue()));
  }

  @Test
  void saysForWhichPlatformsAnImageIs() throws Exception {
    ImageSource source = layout.of(layout.image("amd64", "a"), layout.attestation());
    ObjectNode unnamed = layout.document(layout.manifest("amd64", "a"));

    assertThat(mirror.copy(source, target, Platform.ARM64))
        .isEqualTo(new WrongPlatform(List.of("linux/amd64"), "linux/arm64"));
    assertThat(mirror.resolve(layout.of(unnamed), Platform.ARM64))
        .isEqualTo(new WrongPlatform(List.of("linux/amd64"), "linux/arm64"));
    assertThat(aws.calls().list()).isEmpty();
  }

  static Stream<Arguments> unsupported() {
    return Stream.of(
        arguments("mediaType", (Change) manifest -> manifest.remove("mediaType")),
        arguments(
            "tar+zstd",
            (Change)
                manifest ->
                    ((ObjectNode) manifest.path("layers").path(0))
                        .put("mediaType", "application/vnd.oci.image.layer.v1.tar+zstd")),
        arguments(
            "no container image",
            (Change)
                manifest ->
                    ((ObjectNode) manifest.path("config"))
                        .put("mediaType", "application/vnd.cncf.helm.config.v1+json")),
        arguments(
            "schema 2",
            (Change)
                manifest ->
                    manifest.put(
                        "mediaType", "application/vnd.docker.distribution.manifest.v1+json")),
        arguments(
            "10 GiB",
            (Change)
                manifest -> ((ObjectNode) manifest.path("layers").path(0)).put("size", 11L << 30)),
        arguments(
            "no size",
            (Change) manifest -> ((ObjectNode) manifest.path("layers").path(0)).remove("size")));
  }

  private interface Change {
    void to(ObjectNode manifest);
  }

  @ParameterizedTest
  @MethodSource("unsupported")
  void saysWhatLambdaWouldRefuse(String word, Change change) throws Exception {
    ObjectNode manifest = layout.manifest("amd64", "a");
    change.to(manifest);
    ImageSource source = layout.of(layout.document(manifest));

    ImageOutcome outcome = mirror.copy(source, target, Platform.AMD64);

    assertThat(outcome).isInstanceOf(Unsupported.class);
    assertThat(((Unsupported) outcome).reason()).contains(word);
    assertThat(aws.calls().list()).isEmpty();
  }

  @Test
  void saysWhatIsNotThere() throws Exception {
    ImageSource shipped = layout.of(layout.image("amd64", "a"));
    RemoteRepository none =
        new RemoteRepository(
            target.registry(), target.name() + "-none", target.credentials(), Reach.ANYWHERE);

    assertThat(mirror.resolve(inTarget("latest"), Platform.AMD64))
        .isEqualTo(new NotFound(target + ":latest"));
    assertThat(mirror.resolve(inTarget(NO_DIGEST), Platform.AMD64))
        .isEqualTo(new NotFound(target + "@" + NO_DIGEST));
    assertThat(mirror.copy(shipped, none, Platform.AMD64)).isEqualTo(new NotFound(none.toString()));
    assertThat(
            mirror.resolve(
                new ImageSource.Layout(Path.of("/nowhere/runtime-image")), Platform.AMD64))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void saysWhichRegistryRefuses() throws Exception {
    ImageSource shipped = layout.of(layout.image("amd64", "a"));
    RemoteRepository refused =
        new RemoteRepository(
            target.registry(),
            target.name(),
            new Credentials.Basic("AWS", "not a token"),
            Reach.ANYWHERE);

    assertThat(mirror.copy(shipped, refused, Platform.AMD64))
        .isEqualTo(new Unauthorized(target.registry().getAuthority(), null));
  }

  @Test
  void neverPutsWhatIsNotWhatItsDigestSays() throws Exception {
    ObjectNode layer = layout.blob(TestLayout.GZIP_LAYER, "good");
    ImageSource shipped = layout.of(layout.image("amd64", "good"));
    Files.writeString(layout.file(layer.path("digest").textValue()), "evil");

    assertThat(mirror.copy(shipped, target, Platform.AMD64)).isInstanceOf(Unavailable.class);

    assertThat(mutating()).doesNotContain("PutImage");
    assertThat(ecr.describeImages(r -> r.repositoryName(name(target))).imageDetails()).isEmpty();
  }

  @Test
  void saysThatARegistryCannotBeReached() {
    RemoteRepository closed =
        new RemoteRepository(
            URI.create("http://127.0.0.1:1"), "a/b", new Credentials.Anonymous(), Reach.ANYWHERE);

    assertThat(mirror.resolve(new ImageSource.Remote(closed, "latest"), Platform.AMD64))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void givesWayToAnInterrupt() throws Exception {
    ImageSource shipped = layout.of(layout.image("amd64", "a"));

    Thread.currentThread().interrupt();
    ImageOutcome outcome = mirror.copy(shipped, target, Platform.AMD64);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcome).isEqualTo(new Unavailable("interrupted"));
  }

  private ImageSource inTarget(String version) {
    return new ImageSource.Remote(target, version);
  }

  private static List<String> mutating() {
    return aws.calls().mutating().stream().map(Call::operation).toList();
  }

  private static String name(RemoteRepository repository) {
    return repository.name().substring(repository.name().lastIndexOf('/') + 1);
  }

  private static RemoteRepository repository() {
    String name = "feast-" + repositories++;
    String uri = ecr.createRepository(r -> r.repositoryName(name)).repository().repositoryUri();
    AuthorizationData data = ecr.getAuthorizationToken().authorizationData().getFirst();
    return RemoteRepository.inEcr(URI.create(data.proxyEndpoint()), uri, data.authorizationToken());
  }
}
