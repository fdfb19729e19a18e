package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a manifest says about itself and refers to.
 *
 * @param mediaType what it was pushed as, which its own {@code mediaType} may not contradict
 * @param config the config blob; empty for an index
 * @param layers the layer blobs of an image
 * @param manifests the manifests of an index
 */
public record Manifest(
    String mediaType,
    Optional<Descriptor> config,
    List<Descriptor> layers,
    List<Descriptor> manifests) {
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** What ECR stores; Docker's schema 1 is long gone. */
  static final Set<String> MEDIA_TYPES =
      Set.of(OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_LIST);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A reference to content by digest; {@code size} in bytes. */
  public record Descriptor(String mediaType, Digest digest, long size) {}

  /** The content is no manifest of the media type it was pushed as. */
  static final class InvalidManifest extends Exception {
    InvalidManifest(String message) {
      super(message);
    }
  }

  public Manifest {
    layers = List.copyOf(layers);
    manifests = List.copyOf(manifests);
  }

  public boolean isIndex() {
    return mediaType.equals(OCI_INDEX) || mediaType.equals(DOCKER_LIST);
  }

  /**
   * The compressed bytes of the layers and the config, which is what ECR counts as an image's size.
   */
  long imageSize() {
    return config.map(Descriptor::size).orElse(0L)
        + layers.stream().mapToLong(Descriptor::size).sum();
  }

  /**
   * Reads a manifest.
   *
   * @param contentType the media type it was pushed as; empty when the push named none
   */
  static Manifest parse(byte[] content, String contentType) throws InvalidManifest {
    JsonNode json;
    try {
      json = JSON.readTree(content);
    } catch (IOException e) {
      throw new InvalidManifest("Invalid JSON syntax");
    }
    if (json == null || !json.isObject()) {
      throw new InvalidManifest("Invalid JSON syntax");
    }
    String own = json.path("mediaType").asText("");
    String mediaType = contentType.isEmpty() ? own : contentType;
    if (!MEDIA_TYPES.contains(mediaType)) {
      throw new InvalidManifest("Manifest media type '" + mediaType + "' is not supported");
    }
    if (!own.isEmpty() && !own.equals(mediaType)) {
      throw new InvalidManifest(
          "Manifest mediaType '" + own + "' does not match the media type '" + mediaType + "'");
    }
    if (json.path("schemaVersion").asInt() != 2) {
      throw new InvalidManifest("Invalid parameter at 'schemaVersion'");
    }
    if (mediaType.equals(OCI_INDEX) || mediaType.equals(DOCKER_LIST)) {
      return new Manifest(mediaType, Optional.empty(), List.of(), descriptors(json, "manifests"));
    }
    return new Manifest(
        mediaType,
        Optional.of(descriptor(json.path("config"), "config")),
        descriptors(json, "layers"),
        List.of());
  }

  private static List<Descriptor> descriptors(JsonNode json, String field) throws InvalidManifest {
    if (!json.path(field).isArray()) {
      throw new InvalidManifest("Invalid parameter at '" + field + "'");
    }
    var descriptors = new ArrayList<Descriptor>();
    for (JsonNode one : json.path(field)) {
      descriptors.add(descriptor(one, field));
    }
    return descriptors;
  }

  private static Descriptor descriptor(JsonNode json, String field) throws InvalidManifest {
    Digest digest =
        Digest.parse(json.path("digest").asText(""))
            .orElseThrow(() -> new InvalidManifest("Invalid parameter at '" + field + "'"));
    return new Descriptor(json.path("mediaType").asText(""), digest, json.path("size").asLong());
  }
}
