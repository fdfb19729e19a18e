package dev.feast.aws.operator.admission;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's key and certificate, read anew when their files change: a mounted Secret follows the
 * Secret within a minute or two, and nobody has to start the operator anew for it. What cannot be
 * used, such as two files that do not belong together while both are being replaced, leaves the
 * former pair in use.
 */
final class ServingCertificate extends X509ExtendedKeyManager {
  /** The entries of a Secret of type kubernetes.io/tls. */
  static final String CERTIFICATE = "tls.crt";

  static final String KEY = "tls.key";

  private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);

  /**
   * @param alias another one for each pair: a handshake asks for key and certificates one after the
   *     other, and gets those that belong together
   * @param chain the server's certificate first
   */
  private record Pair(String alias, PrivateKey key, X509Certificate[] chain) {
    boolean isCalled(@Nullable String name) {
      return alias.equals(name);
    }
  }

  private final Path folder;
  private final Duration interval;
  private final InstantSource clock;
  private Instant looked = Instant.MIN;
  private byte[] certificateFile = {};
  private byte[] keyFile = {};
  private int pairs;
  private @Nullable Pair current;
  private @Nullable Pair former;
  private String failure = "";

  /**
   * @param folder with {@value #CERTIFICATE} and {@value #KEY}, in PEM
   * @param interval how long what was read is taken for what is there
   */
  ServingCertificate(Path folder, Duration interval, InstantSource clock) {
    this.folder = folder;
    this.interval = interval;
    this.clock = clock;
  }

  /** Why no client can be served now; empty where one can. */
  synchronized Optional<String> problem() {
    Pair pair = fresh();
    if (pair == null) {
      return Optional.of(failure);
    }
    Instant end = pair.chain()[0].getNotAfter().toInstant();
    return clock.instant().isAfter(end)
        ? Optional.of("the certificate in %s ended at %s".formatted(folder, end))
        : Optional.empty();
  }

  private synchronized @Nullable Pair fresh() {
    Instant now = clock.instant();
    if (now.isBefore(looked.plus(interval))) {
      return current;
    }
    looked = now;
    try {
      byte[] certificate = Files.readAllBytes(folder.resolve(CERTIFICATE));
      byte[] key = Files.readAllBytes(folder.resolve(KEY));
      if (current == null
          || !Arrays.equals(certificate, certificateFile)
          || !Arrays.equals(key, keyFile)) {
        Pair pair = pair(certificate, key);
        former = current;
        current = pair;
        certificateFile = certificate;
        keyFile = key;
        LOG.info(
            "The webhook's certificate is that of {}, until {}",
            pair.chain()[0].getSubjectX500Principal(),
            pair.chain()[0].getNotAfter().toInstant());
      }
      failure = "";
    } catch (IOException | GeneralSecurityException e) {
      failed("%s: %s".formatted(folder, e.getMessage()));
    }
    return current;
  }

  private void failed(String why) {
    if (!why.equals(failure)) {
      LOG.warn(
          "The webhook's certificate cannot be read, {}: {}",
          current == null ? "so that nobody is served" : "and the former one is used",
          why);
    }
    failure = why;
  }

  private Pair pair(byte[] certificate, byte[] key) throws GeneralSecurityException {
    X509Certificate[] chain = chain(certificate);
    PrivateKey privateKey;
    try {
      privateKey = PrivateKeys.read(key);
    } catch (GeneralSecurityException e) {
      throw new InvalidKeyException(KEY + ": " + e.getMessage());
    }
    if (!belongTogether(privateKey, chain[0])) {
      throw new InvalidKeyException(KEY + " is not the key of " + CERTIFICATE);
    }
    pairs++;
    return new Pair("pair-" + pairs, privateKey, chain);
  }

  private static X509Certificate[] chain(byte[] pem) throws CertificateException {
    try {
      X509Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .toArray(X509Certificate[]::new);
      if (chain.length > 0) {
        return chain;
      }
    } catch (CertificateException e) {
      // Told below; the JDK names neither file nor place.
    }
    throw new CertificateException(CERTIFICATE + ": it holds no certificates in PEM");
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] text = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    Pair pair = fresh();
    return pair != null && pair.chain()[0].getPublicKey().getAlgorithm().equals(keyType)
        ? pair.alias()
        : null;
  }

  @Override
  public synchronized X509Certificate @Nullable [] getCertificateChain(String alias) {
    Pair pair = called(alias);
    return pair == null ? null : pair.chain().clone();
  }

  @Override
  public synchronized @Nullable PrivateKey getPrivateKey(String alias) {
    Pair pair = called(alias);
    return pair == null ? null : pair.key();
  }

  private @Nullable Pair called(String alias) {
    if (current != null && current.isCalled(alias)) {
      return current;
    }
    return former != null && former.isCalled(alias) ? former : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null; // The server's connections are engines.
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
