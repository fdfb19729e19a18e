package dev.feast.aws.operator.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * A manifest or index, as the bytes that its digest is of.
 *
 * @param mediaType as the document itself says it, else as the registry or index did
 */
record Document(byte[] bytes, String digest, String mediaType, JsonNode json) {
  static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

  private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_LIST);
  private static final ObjectMapper JSON = new ObjectMapper();

  static Document of(byte[] bytes, String otherwiseMediaType) throws ImageException {
    try {
      JsonNode json = JSON.readTree(bytes);
      return new Document(
          bytes, digest(bytes), json.path("mediaType").asText(otherwiseMediaType), json);
    } catch (JsonProcessingException e) {
      throw new ImageException(
          new ImageOutcome.Unsupported("its manifest is no JSON; push the image again"));
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory could not be read", e);
    }
  }

  boolean isIndex() {
    return INDEXES.contains(mediaType);
  }

  static String digest(byte[] bytes) {
    return named(sha256().digest(bytes));
  }

  static String named(byte[] hash) {
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
