package dev.feast.aws.e2e.controlplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.Base64;

/** The key that the API server signs ServiceAccounts' tokens with. */
final class ServiceAccountKey {
  private ServiceAccountKey() {}

  /** Writes a new private key as PKCS #8 PEM; the API server takes the public key out of it. */
  static void write(Path file) throws IOException {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    Files.writeString(
        file,
        "-----BEGIN PRIVATE KEY-----\n"
            + lines.encodeToString(generate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n",
        US_ASCII);
  }

  private static PrivateKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair().getPrivate();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has RSA.", e);
    }
  }
}
