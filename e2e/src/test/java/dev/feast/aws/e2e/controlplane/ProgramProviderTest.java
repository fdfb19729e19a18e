package dev.feast.aws.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feast.aws.e2e.process.CacheFolder;
import dev.feast.aws.e2e.process.Run;
import dev.feast.aws.e2e.process.Runs;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.binary.BinaryManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With programs that are scripts: the real ones, which take minutes to build, serve the rest of
 * e2e.
 */
class ProgramProviderTest {
  private final Path folder;
  private final Path bin;
  private final Path assets;
  private final List<String> progress = Collections.synchronizedList(new ArrayList<>());

  ProgramProviderTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.bin = Files.createDirectories(folder.resolve("bin"));
    this.assets = Files.createDirectories(folder.resolve("assets"));
  }

  @Test
  void copiesTheAssetsUnderTheirOwnVersion() throws Exception {
    assets("Kubernetes v1.31.7");
    script(bin, "helm", "");

    Programs programs = provide(withAssets());

    assertThat(programs.version()).isEqualTo("1.31.7");
    assertThat(programs.kubectl())
        .isEqualTo(
            cache().programs().resolve("k8s/1.31.7-" + ProgramCache.PLATFORM).resolve("kubectl"))
        .isExecutable();
    assertThat(programs.helm()).isEqualTo(bin.resolve("helm"));
  }

  @Test
  void namesTheAssetsThatAreNotThere() throws Exception {
    script(bin, "helm", "");
    script(assets, "etcd", "");
    assertThatThrownBy(() -> provide(withAssets()))
        .isInstanceOf(MissingProgramException.class)
        .hasMessageContaining("KUBEBUILDER_ASSETS is " + assets)
        .hasMessageContaining("kube-apiserver");
  }

  @Test
  void saysHowToGetHelmWhereThereIsNoGoToBuildIt() throws Exception {
    assets("Kubernetes v1.31.7");
    assertThatThrownBy(() -> provide(withAssets()))
        .isInstanceOf(MissingProgramException.class)
        .hasMessageContaining("There is no helm")
        .hasMessageContaining("https://go.dev/dl");
  }

  @Test
  void namesTheGoThatIsTooOldBeforeAControlPlaneIsFetched() throws Exception {
    script(bin, "go", "echo go version go1.19.8 linux/amd64");
    assertThatThrownBy(() -> provide(path()))
        .isInstanceOf(MissingProgramException.class)
        .hasMessageContaining("There is no helm")
        .hasMessageContaining("install Go " + Pins.read().go() + " or newer")
        .hasMessageContaining("the one that is installed is 1.19.8");
    assertThat(progress).isEmpty();
  }

  @Test
  void buildsOnceWithGoAndThenTakesTheCache() throws Exception {
    fakeGo();

    Programs built = provide(path());
    Programs cached = provide(Map.of("PATH", ""));

    assertThat(cached).isEqualTo(built);
    assertThat(built.version()).isEqualTo(Pins.read().kubernetes());
    for (Path program :
        List.of(built.kubeApiServer(), built.etcd(), built.kubectl(), built.helm())) {
      assertThat(program).isExecutable();
    }
    assertThat(goCalls())
        .hasSize(2)
        .anySatisfy(
            call ->
                assertThat(call)
                    .contains(
                        "CGO_ENABLED=0",
                        "version.gitVersion=v" + Pins.read().kubernetes(),
                        "k8s.io/kubernetes/cmd/kube-apiserver",
                        "k8s.io/kubernetes/cmd/kubectl",
                        "go.etcd.io/etcd/server/v3"))
        .anySatisfy(call -> assertThat(call).contains("helm.sh/helm/v3/cmd/helm"));
    assertThat(progress).anyMatch(line -> line.contains("minutes"));
  }

  @Test
  void lettingTwoAskAtOnceBuildsOnce() throws Exception {
    fakeGo();
    List<FutureTask<Programs>> askers =
        Stream.generate(() -> new FutureTask<>(() -> provide(path()))).limit(2).toList();
    askers.forEach(asker -> Thread.ofPlatform().start(asker));
    for (FutureTask<Programs> asker : askers) {
      assertThat(asker.get(30, TimeUnit.SECONDS).kubectl()).isExecutable();
    }
    assertThat(goCalls()).hasSize(2);
  }

  @Test
  void leavesNothingHalfBuiltWhenABuildFails() throws Exception {
    script(bin, "go", "echo go version go1.25.0 linux/amd64: no space left on device; exit 1");
    assertThatThrownBy(() -> provide(path()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no space left on device");
    try (Stream<Path> left = Files.list(cache().programs())) {
      assertThat(left).extracting(Path::getFileName).map(Path::toString).containsExactly("lock");
    }
  }

  @Test
  void laysTheProgramsOutAsKubeApiTestFindsThem() throws Exception {
    fakeGo();
    Programs programs = provide(path());
    BinaryManager manager =
        new BinaryManager(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(cache().programs().toString())
                .withApiServerVersion(programs.version())
                .withOfflineMode(true)
                .build());
    assertThatCode(manager::initAndDownloadIfRequired).doesNotThrowAnyException();
    assertThat(manager.binaries().getEtcd().toPath()).isEqualTo(programs.etcd());
  }

  private CacheFolder cache() {
    return new CacheFolder(folder.resolve("cache"));
  }

  private Programs provide(Map<String, String> environment) throws Exception {
    try (Run run = new Runs(cache()).begin(Files.createTempDirectory(folder, "run-"))) {
      return new ProgramProvider(run, cache(), environment, progress::add).provide();
    }
  }

  private Map<String, String> path() {
    return Map.of("PATH", bin.toString());
  }

  private Map<String, String> withAssets() {
    return Map.of("PATH", bin.toString(), "KUBEBUILDER_ASSETS", assets.toString());
  }

  private void assets(String version) throws IOException {
    script(assets, "kube-apiserver", "echo " + version);
    script(assets, "etcd", "");
    script(assets, "kubectl", "");
  }

  /** Notes how it was called, and leaves for each package a program named as go would name it. */
  private void fakeGo() throws IOException {
    script(
        bin,
        "go",
        """
        [ "$1" = version ] && { echo go version go1.24.1 linux/amd64; exit; }
        echo "CGO_ENABLED=$CGO_ENABLED $*" >>%s
        test -f go.mod -a -f go.sum -a -f tools.go || exit 1
        while [ "$1" != -o ]; do shift; done
        out=$2
        shift 2
        for package; do
          name=$(basename "$package")
          [ "$name" = v3 ] && name=server
          printf '#!/bin/sh\\n' >"$out$name"
          chmod +x "$out$name"
        done
        """
            .formatted(folder.resolve("calls")));
  }

  private List<String> goCalls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private static void script(Path folder, String name, String body) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
