package dev.feast.aws.runtime.image;

import dev.feast.aws.image.Jdk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * TLS on a free port of 127.0.0.1 in front of a plain endpoint, with a certificate from an
 * authority made for it: one step of a chain, RSA, as AWS's endpoints have.
 */
final class TlsFront implements AutoCloseable {
  /** Of files that live for one training run; keytool asks for one. */
  private static final String PASSWORD = "training";

  private final ServerSocket server;
  private final Path trustStore;

  private TlsFront(ServerSocket server, Path trustStore) {
    this.server = server;
    this.trustStore = trustStore;
  }

  /**
   * @param folder where keys and certificates are made; created
   * @param trusted certificates that {@link #trustStore} holds as well
   */
  static TlsFront open(URI plain, Path folder, Path trusted)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path keys = folder.resolve("keys.p12");
    Path authority = folder.resolve("authority.crt");
    Path trustStore = Files.copy(trusted, folder.resolve("cacerts"));
    List<String> store = List.of("-keystore", keys.toString(), "-storepass", PASSWORD);
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "authority",
        "-keyalg",
        "RSA",
        "-dname",
        "CN=Training",
        "-ext",
        "bc:c");
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "RSA",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-signer",
        "authority");
    keytool(store, "-exportcert", "-alias", "authority", "-file", authority.toString());
    keytool(
        List.of("-keystore", trustStore.toString(), "-storepass", "changeit"),
        "-importcert",
        "-noprompt",
        "-alias",
        "training",
        "-file",
        authority.toString());
    ServerSocket server =
        context(keys)
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    var front = new TlsFront(server, trustStore);
    Thread.ofVirtual().name("tls-front").start(() -> front.accept(plain));
    return front;
  }

  URI endpoint() {
    return URI.create("https://127.0.0.1:" + server.getLocalPort());
  }

  /** A file of certificates that trusts this server. */
  Path trustStore() {
    return trustStore;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept(URI plain) {
    while (true) {
      try {
        Socket near = server.accept();
        Socket far = new Socket(plain.getHost(), plain.getPort());
        Thread.ofVirtual().start(() -> pump(near, far));
        Thread.ofVirtual().start(() -> pump(far, near));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /** Until one side ends: then both do. */
  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // One side is gone, which is how every connection ends here.
    }
  }

  private static SSLContext context(Path keys) throws IOException {
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("No TLS for the training run", e);
    }
  }

  private static void keytool(List<String> store, String... arguments)
      throws IOException, InterruptedException {
    Jdk.ofThisBuild().run("keytool", Stream.concat(Stream.of(arguments), store.stream()).toList());
  }
}
