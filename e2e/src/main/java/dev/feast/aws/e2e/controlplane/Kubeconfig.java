package dev.feast.aws.e2e.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** How a client reaches the API server and who it is: a bearer token, nothing else. */
final class Kubeconfig {
  private Kubeconfig() {}

  /** Writes a kubeconfig that only this user can read. */
  static void write(Path file, String server, Path certificateAuthority, String token)
      throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: local
        contexts:
        - name: local
          context: {cluster: local, user: local, namespace: default}
        clusters:
        - name: local
          cluster:
            server: %s
            certificate-authority: %s
        users:
        - name: local
          user:
            token: %s
        """
            .formatted(server, certificateAuthority, token),
        UTF_8);
  }
}
