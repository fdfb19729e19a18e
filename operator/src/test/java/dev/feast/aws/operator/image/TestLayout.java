package dev.feast.aws.operator.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes OCI layouts, right ones and wrong ones. */
public record TestLayout(Path folder) {
  static final String GZIP_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An image whose layers hold these texts, for linux on this architecture. */
  public ObjectNode image(String architecture, String... layers) throws IOException {
    ObjectNode manifest = manifest(architecture, layers);
    return document(manifest).set("platform", platform("linux", architecture));
  }

  ObjectNode manifest(String architecture, String... layers) throws IOException {
    ObjectNode config = platform("linux", architecture);
    config.putObject("config").putArray("Entrypoint").add("/jre/bin/java");
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("schemaVersion", 2).put("mediaType", Document.OCI_MANIFEST);
    manifest.set("config", blob(CONFIG, config.toString()));
    ArrayNode list = manifest.putArray("layers");
    for (String layer : layers) {
      list.add(blob(GZIP_LAYER, layer));
    }
    return manifest;
  }

  /** What BuildKit puts beside an image. */
  ObjectNode attestation() throws IOException {
    ObjectNode entry = document(manifest("unknown", "in-toto"));
    entry.putObject("annotations").put("vnd.docker.reference.type", "attestation-manifest");
    entry.set("platform", platform("unknown", "unknown"));
    return entry;
  }

  /** Stores a manifest or index; its descriptor is for another index. */
  ObjectNode document(ObjectNode document) throws IOException {
    return blob(document.path("mediaType").asText(Document.OCI_MANIFEST), document.toString());
  }

  ObjectNode indexOf(ObjectNode... entries) {
    ObjectNode index = JSON.createObjectNode();
    index.put("schemaVersion", 2).put("mediaType", Document.OCI_INDEX);
    index.putArray("manifests").addAll(List.of(entries));
    return index;
  }

  /** Makes these the entries of index.json. */
  public ImageSource.Layout of(ObjectNode... entries) throws IOException {
    Files.writeString(folder.resolve("index.json"), indexOf(entries).toString());
    return new ImageSource.Layout(folder);
  }

  ObjectNode blob(String mediaType, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String digest = Document.digest(bytes);
    Files.createDirectories(file(digest).resolveSibling("."));
    Files.write(file(digest), bytes);
    return JSON.createObjectNode()
        .put("mediaType", mediaType)
        .put("digest", digest)
        .put("size", bytes.length);
  }

  Path file(String digest) {
    return folder.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  private static ObjectNode platform(String os, String architecture) {
    return JSON.createObjectNode().put("os", os).put("architecture", architecture);
  }
}
