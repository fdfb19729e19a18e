package dev.feast.aws.operator.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys in PEM (RFC 7468): {@code PRIVATE KEY} (PKCS#8), and what older tools and
 * cert-manager by default write, {@code RSA PRIVATE KEY} (PKCS#1, RFC 8017) and {@code EC PRIVATE
 * KEY} (SEC 1, RFC 5915). The JDK reads the first alone; the others are what it holds inside.
 */
final class PrivateKeys {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (?<kind>(?:RSA |EC )?PRIVATE KEY)-----(?<base64>[A-Za-z0-9+/=\\s]+)-----END"
              + " \\k<kind>-----");

  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int CURVE = 0xA0;

  private static final byte[] VERSION_0 = {INTEGER, 1, 0};

  /** 1.2.840.113549.1.1.1, rsaEncryption, which has no parameters. */
  private static final byte[] RSA = {
    0x06, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 0x05, 0
  };

  /** 1.2.840.10045.2.1, id-ecPublicKey, whose parameter is the curve. */
  private static final byte[] EC = {0x06, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private PrivateKeys() {}

  /**
   * @throws GeneralSecurityException where there is none; the message shows nothing of the text
   */
  static PrivateKey read(byte[] pem) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(new String(pem, US_ASCII));
    if (!block.find()) {
      throw new InvalidKeyException(
          "it holds no PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY in PEM, unencrypted");
    }
    byte[] key = decoded(block.group("base64"));
    return switch (block.group("kind")) {
      case "RSA PRIVATE KEY" -> generate("RSA", pkcs8(RSA, key));
      case "EC PRIVATE KEY" -> generate("EC", pkcs8(joined(EC, curve(key)), key));
      default -> ofAnyAlgorithm(key);
    };
  }

  private static byte[] decoded(String base64) throws InvalidKeyException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("its base64 is broken");
    }
  }

  private static PrivateKey ofAnyAlgorithm(byte[] pkcs8) throws GeneralSecurityException {
    for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
      try {
        return generate(algorithm, pkcs8);
      } catch (GeneralSecurityException e) {
        // Of another algorithm.
      }
    }
    throw new InvalidKeyException("it is no key for RSA, EC or EdDSA");
  }

  private static PrivateKey generate(String algorithm, byte[] pkcs8)
      throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      // The JDK's messages may have parts of the key.
      throw new InvalidKeyException("it is no key for " + algorithm);
    }
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, joined(VERSION_0, der(SEQUENCE, algorithm), der(OCTET_STRING, key)));
  }

  /** The curve's identifier, which RFC 5915 has as [0] behind version and key. */
  private static byte[] curve(byte[] ecPrivateKey) throws InvalidKeyException {
    try {
      ByteBuffer sequence = content(ByteBuffer.wrap(ecPrivateKey), SEQUENCE);
      content(sequence, INTEGER);
      content(sequence, OCTET_STRING);
      ByteBuffer parameters = content(sequence, CURVE);
      byte[] curve = new byte[parameters.remaining()];
      parameters.get(curve);
      return curve;
    } catch (RuntimeException e) {
      throw new InvalidKeyException("it is no key for EC that names its curve");
    }
  }

  /** The content of the next DER element, which has to be of that kind. */
  private static ByteBuffer content(ByteBuffer in, int tag) {
    if ((in.get() & 0xFF) != tag) {
      throw new IllegalArgumentException("another element");
    }
    int length = in.get() & 0xFF;
    if (length > 0x7F) {
      int bytes = length & 0x7F;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | in.get() & 0xFF;
      }
    }
    ByteBuffer content = in.slice(in.position(), length);
    in.position(in.position() + length);
    return content;
  }

  private static byte[] der(int tag, byte[] content) {
    int length = content.length;
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    return joined(head, content);
  }

  private static byte[] joined(byte[]... parts) {
    var joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
