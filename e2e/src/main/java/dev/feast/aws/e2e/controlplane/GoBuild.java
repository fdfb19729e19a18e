package dev.feast.aws.e2e.controlplane;

import dev.feast.aws.e2e.process.Ending;
import dev.feast.aws.e2e.process.FileTree;
import dev.feast.aws.e2e.process.Run;
import dev.feast.aws.e2e.process.Session;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Builds the programs from their source with the Go toolchain of this machine. */
record GoBuild(Run run, Path go, Pins pins, Consumer<String> progress) {
  private static final String MAIN_KUBE_APISERVER = "k8s.io/kubernetes/cmd/kube-apiserver";
  private static final String MAIN_KUBECTL = "k8s.io/kubernetes/cmd/kubectl";
  private static final String MAIN_ETCD = "go.etcd.io/etcd/server/v3";
  private static final String MAIN_HELM = "helm.sh/helm/v3/cmd/helm";

  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(20);

  void controlPlane(Path folder) throws IOException, InterruptedException {
    progress.accept(
        ("Building kube-apiserver and kubectl %s and etcd %s from source, once: about 5 minutes on"
                + " two cores, and a gigabyte of downloads and build cache")
            .formatted(pins.kubernetes(), pins.etcd()));
    build(folder, List.of(MAIN_KUBE_APISERVER, MAIN_KUBECTL, MAIN_ETCD));
    // Go names a program by the last part of its path that is no version: server.
    Files.move(folder.resolve("server"), folder.resolve(Programs.ETCD));
  }

  void helm(Path folder) throws IOException, InterruptedException {
    progress.accept(
        "Building helm %s from source, once: about 2 minutes on two cores".formatted(pins.helm()));
    build(folder, List.of(MAIN_HELM));
  }

  private void build(Path folder, List<String> mains) throws IOException, InterruptedException {
    Path module = Files.createTempDirectory(run.folder(), "go-build-");
    try {
      Pins.copyModule(module);
      List<String> command = new ArrayList<>();
      command.addAll(
          List.of(
              go.toString(),
              "build",
              // What the user's GOFLAGS may say otherwise.
              "-mod=readonly",
              "-buildvcs=false",
              "-ldflags",
              "-s -w " + versionStamps(),
              "-o",
              folder + File.separator));
      command.addAll(mains);
      run(command, module);
    } finally {
      FileTree.delete(module);
    }
  }

  /** Without a stamp kubectl cannot parse the server's version, and helm takes it for 1.20. */
  private String versionStamps() {
    String[] numbers = pins.kubernetes().split("\\.", -1);
    return String.join(
        " ",
        "-X k8s.io/component-base/version.gitVersion=v" + pins.kubernetes(),
        "-X k8s.io/component-base/version.gitMajor=" + numbers[0],
        "-X k8s.io/component-base/version.gitMinor=" + numbers[1],
        "-X helm.sh/helm/v3/internal/version.version=v" + pins.helm(),
        "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=" + numbers[0],
        "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=" + numbers[1]);
  }

  private void run(List<String> command, Path module) throws IOException, InterruptedException {
    Path log = Files.createDirectories(run.logs()).resolve("go-build.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(module.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("CGO_ENABLED", "0");
    builder.environment().put("GOWORK", "off");
    // Where the run deletes it: go that is killed leaves hundreds of megabytes behind.
    builder.environment().put("GOTMPDIR", Files.createDirectory(module.resolve("tmp")).toString());
    builder.environment().remove("GOOS");
    builder.environment().remove("GOARCH");
    int exitCode;
    try (Session session = run.open("go build", builder, Ending.Manner.AT_ONCE)) {
      long start = System.nanoTime();
      while (!session.process().waitFor(PROGRESS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        progress.accept("  still building, %d min %02d s".formatted(seconds / 60, seconds % 60));
      }
      exitCode = session.process().exitValue();
    }
    if (exitCode != 0) {
      throw new IOException("`go build` failed:\n" + Files.readString(log));
    }
  }
}
