package dev.feast.aws.e2e.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An image of a few bytes as an OCI layout, in place of the runtime's: each repository is given it
 * blob by blob, as it would be the real one. Nobody looks into it where functions are answered in
 * process.
 */
final class StubImage {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private StubImage() {}

  /** Writes it into a folder, which is made; returns the folder. */
  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("blobs/sha256"));
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    String config =
        blob(
            folder,
            CONFIG,
            """
            {"architecture":"amd64","os":"linux","config":{"Entrypoint":["/stub"]}}\
            """);
    String layer = blob(folder, LAYER, "a layer");
    String manifest =
        blob(
            folder,
            MANIFEST,
            """
            {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}\
            """
                .formatted(MANIFEST, config, layer));
    Files.writeString(
        folder.resolve("index.json"),
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}\
        """
            .formatted(
                manifest.replaceFirst(
                    "}$", ",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}")));
    return folder;
  }

  private static String blob(Path folder, String mediaType, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    String hex = sha256(bytes);
    Files.write(folder.resolve("blobs/sha256").resolve(hex), bytes);
    return """
    {"mediaType":"%s","digest":"sha256:%s","size":%d}\
    """
        .formatted(mediaType, hex, bytes.length);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
