package dev.feast.aws.e2e.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Ending;
import dev.feast.aws.e2e.process.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * etcd and kube-apiserver on ports of 127.0.0.1, with RBAC, and tokens for ServiceAccounts. There
 * is no controller manager and no kubelet: no Pod runs, nothing collects owned objects, and a
 * namespace never finishes its deletion.
 *
 * <p>Started here and not by kube-api-test, because the quickstart has to record the processes,
 * keep their logs, and be able to leave them running.
 */
public final class ControlPlane {
  private static final Duration STARTUP = Duration.ofSeconds(60);

  /** Another process may take a port between the search for it and the server's start. */
  private static final int ATTEMPTS = 3;

  private final Programs programs;
  private final Run run;
  private final Path folder;
  private final String server;
  private final List<String> apiServerCommand;
  private ChildProcess apiServer;

  private ControlPlane(
      Programs programs, Run run, Path folder, String server, List<String> apiServerCommand)
      throws IOException {
    this.programs = programs;
    this.run = run;
    this.folder = folder;
    this.server = server;
    this.apiServerCommand = apiServerCommand;
    this.apiServer = startedApiServer();
  }

  private ChildProcess startedApiServer() throws IOException {
    return run.start("kube-apiserver", apiServerCommand, Map.of(), Ending.Manner.AT_ONCE);
  }

  /**
   * Starts both as processes of the run and waits until the API server is ready.
   *
   * @throws IllegalStateException when they do not get ready; the message names the logs
   */
  public static ControlPlane start(Programs programs, Run run)
      throws IOException, InterruptedException {
    return start(programs, run, List.of());
  }

  /**
   * The same with an API server that does more.
   *
   * @param flags more flags of kube-apiserver
   */
  public static ControlPlane start(Programs programs, Run run, List<String> flags)
      throws IOException, InterruptedException {
    IllegalStateException failure = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Path folder =
          Files.createDirectories(run.folder().resolve("control-plane").resolve("" + attempt));
      try {
        return start(programs, run, folder, flags);
      } catch (IllegalStateException e) {
        if (!String.valueOf(e.getMessage()).contains("address already in use")) {
          throw e;
        }
        failure = e;
      }
    }
    throw new IllegalStateException("No free ports in %d attempts.".formatted(ATTEMPTS), failure);
  }

  private static ControlPlane start(Programs programs, Run run, Path folder, List<String> flags)
      throws IOException, InterruptedException {
    List<Integer> ports = FreePorts.find(3);
    String etcdClients = "http://127.0.0.1:" + ports.get(0);
    String etcdPeers = "http://127.0.0.1:" + ports.get(1);
    String server = "https://127.0.0.1:" + ports.get(2);

    ChildProcess etcd =
        run.start(
            "etcd",
            List.of(
                programs.etcd().toString(),
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + etcdClients,
                "--advertise-client-urls=" + etcdClients,
                "--listen-peer-urls=" + etcdPeers,
                "--initial-advertise-peer-urls=" + etcdPeers,
                "--initial-cluster=default=" + etcdPeers,
                // Its data is thrown away: durability would only cost time.
                "--unsafe-no-fsync",
                "--log-level=warn"),
            Map.of(),
            Ending.Manner.AT_ONCE);

    String adminToken = UUID.randomUUID().toString();
    Path tokens = folder.resolve("tokens.csv");
    Files.writeString(tokens, adminToken + ",admin,admin,\"system:masters\"\n", UTF_8);
    Path key = folder.resolve("service-accounts.key");
    ServiceAccountKey.write(key);
    Path certificates = folder.resolve("certificates");
    List<String> apiServer =
        new ArrayList<>(
            List.of(
                programs.kubeApiServer().toString(),
                "--etcd-servers=" + etcdClients,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + ports.get(2),
                // It makes its own certificate there.
                "--cert-dir=" + certificates,
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--service-cluster-ip-range=10.0.0.0/24",
                // 127.0.0.1 is no address that an Endpoints object may hold.
                "--endpoint-reconciler-type=none"));
    apiServer.addAll(flags);

    ControlPlane controlPlane = new ControlPlane(programs, run, folder, server, apiServer);
    Kubeconfig.write(
        controlPlane.adminKubeconfig(), server, controlPlane.certificateAuthority(), adminToken);
    controlPlane.awaitReady(etcd);
    return controlPlane;
  }

  private void awaitReady(ChildProcess etcd) throws InterruptedException {
    apiServer.awaitReady(
        STARTUP,
        () -> {
          if (!etcd.isAlive()) {
            etcd.awaitReady(Duration.ZERO, () -> false);
          }
          return answers();
        });
  }

  private boolean answers() throws IOException, InterruptedException {
    return Files.exists(certificateAuthority())
        && admin().run("get", "--raw=/readyz", "--request-timeout=5s").exitCode() == 0
        && admin().run("get", "namespace", "default", "kube-system").exitCode() == 0;
  }

  /** Kills the API server; what it stored stays in etcd. */
  public void killApiServer() throws InterruptedException {
    apiServer.kill();
  }

  /** Starts it again at the same address and waits until it is ready. */
  public void startApiServer() throws IOException, InterruptedException {
    apiServer = startedApiServer();
    apiServer.awaitReady(STARTUP, this::answers);
  }

  /** A kubeconfig of a member of system:masters. */
  public Path adminKubeconfig() {
    return folder.resolve("admin.kubeconfig");
  }

  /** kubectl as a member of system:masters. */
  public Kubectl admin() {
    return kubectl(adminKubeconfig());
  }

  /** kubectl as whom a kubeconfig names. */
  public Kubectl kubectl(Path kubeconfig) {
    return new Kubectl(run, programs.kubectl(), kubeconfig, folder);
  }

  /** Base URL of the API server. */
  public String server() {
    return server;
  }

  /** What its processes belong to, and whatever is run against it. */
  public Run run() {
    return run;
  }

  public Programs programs() {
    return programs;
  }

  /** Writes a kubeconfig with a fresh token of a ServiceAccount, as a Pod of it would have. */
  public Path serviceAccountKubeconfig(String namespace, String serviceAccount)
      throws IOException, InterruptedException {
    Path file = folder.resolve(namespace + "-" + serviceAccount + ".kubeconfig");
    Kubeconfig.write(
        file, server, certificateAuthority(), serviceAccountToken(namespace, serviceAccount));
    return file;
  }

  /** A fresh token of a ServiceAccount. */
  public String serviceAccountToken(String namespace, String serviceAccount)
      throws IOException, InterruptedException {
    return admin()
        .output("create", "token", serviceAccount, "--namespace", namespace, "--duration=24h")
        .strip();
  }

  /** What the API server's certificate is verified with. */
  public Path certificateAuthority() {
    return folder.resolve("certificates").resolve("apiserver.crt");
  }
}
