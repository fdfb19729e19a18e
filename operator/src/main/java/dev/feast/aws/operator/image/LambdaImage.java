package dev.feast.aws.operator.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one manifest of an image that Lambda is to be given, and that it will take: Docker's or OCI's
 * with its media type in it, for one platform, with gzip layers. What only unpacking shows (hard
 * links, missing parent directories) is left to Lambda.
 *
 * @param layers each once, though a manifest may list one twice
 */
record LambdaImage(Document manifest, Descriptor config, List<Descriptor> layers) {
  private static final int MAX_INDEX_DEPTH = 3;

  /** Lambda's limit for the uncompressed image; what is larger compressed is larger still. */
  private static final long MAX_BYTES = 10L * 1024 * 1024 * 1024;

  private static final Set<String> MANIFESTS =
      Set.of(Document.OCI_MANIFEST, Document.DOCKER_MANIFEST);
  private static final Set<String> CONFIGS =
      Set.of(
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");
  private static final Set<String> GZIP_LAYERS =
      Set.of(
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.docker.image.rootfs.diff.tar.gzip");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All that is to be there before the manifest is. */
  List<Descriptor> blobs() {
    List<Descriptor> blobs = new ArrayList<>(layers);
    blobs.add(config);
    return blobs;
  }

  /** Finds the manifest for the platform and checks it, reading the manifests and the config. */
  static LambdaImage of(ImageContent content, Platform platform)
      throws ImageException, IOException, InterruptedException {
    Set<String> otherPlatforms = new TreeSet<>();
    Document manifest =
        find(content, content.root(), platform, MAX_INDEX_DEPTH, otherPlatforms)
            .orElseThrow(() -> notThere(content, platform, otherPlatforms));
    LambdaImage image = checked(manifest);
    Platform found = platformOf(content, image.config());
    if (!found.equals(platform)) {
      throw new ImageException(
          new ImageOutcome.WrongPlatform(List.of(found.toString()), platform.toString()));
    }
    return image;
  }

  private static Optional<Document> find(
      ImageContent content, Document document, Platform platform, int depth, Set<String> others)
      throws ImageException, IOException, InterruptedException {
    if (!document.isIndex()) {
      return Optional.of(document);
    }
    if (depth == 0) {
      throw unsupported(content.name() + " is an index of indexes of indexes");
    }
    for (JsonNode entry : document.json().path("manifests")) {
      if (isAttestation(entry)) {
        continue;
      }
      JsonNode wanted = entry.path("platform");
      if (!wanted.isMissingNode() && !matches(wanted, platform)) {
        others.add(wanted.path("os").asText() + "/" + wanted.path("architecture").asText());
        continue;
      }
      Optional<Document> found =
          find(content, content.document(descriptor(entry)), platform, depth - 1, others);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** BuildKit lists provenance beside the images, as of an unknown platform. */
  private static boolean isAttestation(JsonNode entry) {
    return entry.path("annotations").has("vnd.docker.reference.type")
        || entry.path("platform").path("os").asText("").equals("unknown");
  }

  private static boolean matches(JsonNode found, Platform wanted) {
    return found.path("os").asText().equals(wanted.os())
        && found.path("architecture").asText().equals(wanted.architecture());
  }

  private static ImageException notThere(
      ImageContent content, Platform platform, Set<String> others) {
    return new ImageException(
        others.isEmpty()
            ? new ImageOutcome.NotFound(content.name() + ", an index without an image")
            : new ImageOutcome.WrongPlatform(List.copyOf(others), platform.toString()));
  }

  private static LambdaImage checked(Document manifest) throws ImageException {
    JsonNode json = manifest.json();
    if (!MANIFESTS.contains(manifest.mediaType())) {
      throw unsupported(
          "its manifest is " + manifest.mediaType() + "; Lambda takes OCI's and Docker's schema 2");
    }
    if (!json.has("mediaType")) {
      throw unsupported(
          "its manifest does not name its mediaType, which Lambda wants; build it with a tool that"
              + " does, or with Docker media types");
    }
    Descriptor config = descriptor(json.path("config"));
    if (!CONFIGS.contains(config.mediaType())) {
      throw unsupported(
          "it is no container image: its config is of type "
              + config.mediaType()
              + "; name the image and not another artifact");
    }
    List<Descriptor> layers = new ArrayList<>();
    long bytes = 0;
    for (JsonNode entry : json.path("layers")) {
      Descriptor layer = descriptor(entry);
      if (!GZIP_LAYERS.contains(layer.mediaType())) {
        throw unsupported(
            "it has a layer of type "
                + layer.mediaType()
                + "; Lambda takes layers compressed with gzip: build it with gzip compression");
      }
      if (!layers.contains(layer)) {
        layers.add(layer);
        bytes += layer.size();
      }
    }
    if (bytes > MAX_BYTES) {
      throw unsupported(
          "it has %d bytes; Lambda takes 10 GiB uncompressed: make it smaller".formatted(bytes));
    }
    return new LambdaImage(manifest, config, List.copyOf(layers));
  }

  private static Platform platformOf(ImageContent content, Descriptor config)
      throws ImageException, IOException, InterruptedException {
    if (config.size() > ImageContent.MAX_DOCUMENT_BYTES) {
      throw unsupported("its config has %d bytes".formatted(config.size()));
    }
    try (InputStream in = new CheckedBlob(content.blob(config), config)) {
      JsonNode json = JSON.readTree(in.readNBytes(ImageContent.MAX_DOCUMENT_BYTES));
      return new Platform(json.path("os").asText(), json.path("architecture").asText());
    }
  }

  private static Descriptor descriptor(JsonNode json) throws ImageException {
    String digest = json.path("digest").asText();
    if (!digest.matches("sha256:[0-9a-f]{64}") || !json.path("size").canConvertToLong()) {
      throw unsupported("its manifest is not complete: a part has no sha256 digest or no size");
    }
    return new Descriptor(json.path("mediaType").asText(), digest, json.path("size").asLong());
  }

  private static ImageException unsupported(String reason) {
    return new ImageException(new ImageOutcome.Unsupported(reason));
  }
}
