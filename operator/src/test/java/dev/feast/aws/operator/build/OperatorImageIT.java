package dev.feast.aws.operator.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.image.FileTree;
import dev.feast.aws.image.ImageLayout;
import dev.feast.aws.image.JavaRuntime;
import dev.feast.aws.image.Jdk;
import dev.feast.aws.image.UnpackedImage;
import dev.feast.aws.localaws.LocalAws;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import land.oras.ContainerRef;
import land.oras.CopyUtils;
import land.oras.LayoutRef;
import land.oras.OCILayout;
import land.oras.Registry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.Repository;

/** What the chart and a registry ask of the operator's image, as {@code package} left it. */
class OperatorImageIT {
  private static final Path TARGET = Path.of("target");

  private static ImageLayout image;

  @BeforeAll
  static void open() throws IOException {
    image = ImageLayout.open(TARGET.resolve("image"));
  }

  @Test
  void runsAsNobodyInItsOwnRoot(@TempDir Path folder) throws Exception {
    UnpackedImage unpacked = UnpackedImage.of(image, folder.resolve("root"));
    Files.createDirectories(folder.resolve("root/tmp"));
    unpacked.addDevices();
    var command = new ArrayList<>(image.entrypoint());
    command.add("--help");

    Process process = unpacked.process(command, Map.of()).redirectErrorStream(true).start();
    String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(help).isZero();
    assertThat(help).startsWith("Usage: operator").contains("--runtime-image");
    assertThat(image.user()).isEqualTo("65532:65532");
  }

  @Test
  void holdsNoProgramButJavaAndTheLoader() throws IOException {
    var programs = new ArrayList<String>();
    for (ImageLayout.Blob layer : image.layers()) {
      image.forEachEntry(
          layer,
          (entry, content) -> {
            assertThat(entry.isFile() || entry.isDirectory()).as(entry.getName()).isTrue();
            if (entry.isFile() && entry.getName().matches("(.*/)?s?bin/.*")) {
              programs.add(entry.getName());
            }
          });
    }
    assertThat(programs).containsExactly("jre/bin/java");
  }

  @Test
  void embedsTheRuntimesImage() throws IOException {
    var embedded = new ArrayList<String>();
    for (ImageLayout.Blob layer : image.layers()) {
      image.forEachEntry(
          layer,
          (entry, content) -> {
            if (entry.isFile() && entry.getName().startsWith("app/runtime-image/")) {
              embedded.add(entry.getName().substring("app/".length()));
            }
          });
    }
    assertThat(embedded)
        .containsExactlyElementsOf(
            FileTree.files(TARGET.resolve("runtime-image")).stream()
                .map(file -> TARGET.relativize(file).toString())
                .toList());
  }

  @Test
  void hasEveryJavaModuleThatItsJarsUse() throws Exception {
    var jars = new ArrayList<>(List.of(TARGET.resolve("operator.jar")));
    jars.addAll(FileTree.files(TARGET.resolve("lib")));

    assertThat(
            new JavaRuntime(
                    Jdk.ofThisBuild(), OperatorImage.MODULES, OperatorImage.MODULES_LEFT_OUT)
                .usesOfMissingModules(jars))
        .isEmpty();
  }

  @Test
  void givesTheSameBytesWhenBuiltAgain(@TempDir Path elsewhere) throws Exception {
    for (String name : List.of("operator.jar", "lib", "runtime-image")) {
      copy(TARGET.resolve(name), elsewhere.resolve(name));
    }
    String version =
        image.config().at("/config/Labels").path("org.opencontainers.image.version").asText();

    new OperatorImageBuild(
            elsewhere, version, Instant.parse(image.config().path("created").asText()))
        .run();

    assertThat(ImageLayout.open(elsewhere.resolve("image")).manifestBlob())
        .isEqualTo(image.manifestBlob());
  }

  /** What the README does with other tools. */
  @Test
  void isPushedToARegistryWithoutADaemon(@TempDir Path folder) throws Exception {
    try (LocalAws aws = LocalAws.builder().dataDir(folder).start();
        EcrClient ecr = ecr(aws)) {
      Repository repository =
          ecr.createRepository(request -> request.repositoryName("feature-server-operator"))
              .repository();
      Registry registry =
          Registry.builder().insecure(aws.endpoint().getAuthority(), "AWS", password(ecr)).build();
      OCILayout layout = OCILayout.fromLayoutIndex(TARGET.resolve("image"));
      LayoutRef source = LayoutRef.of(layout, image.manifestBlob().digest());
      ContainerRef target = ContainerRef.parse(repository.repositoryUri() + ":1.0.0");

      CopyUtils.copy(layout, source, registry, target, CopyUtils.CopyOptions.shallow());

      assertThat(registry.getManifest(target).getDigest()).isEqualTo(image.manifestBlob().digest());
    }
  }

  private static EcrClient ecr(LocalAws aws) {
    return EcrClient.builder()
        .endpointOverride(aws.endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .build();
  }

  private static String password(EcrClient ecr) {
    String token =
        ecr.getAuthorizationToken(request -> {})
            .authorizationData()
            .getFirst()
            .authorizationToken();
    return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8)
        .replaceFirst("^AWS:", "");
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : Files.isDirectory(from) ? FileTree.files(from) : List.of(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
  }
}
