package dev.feast.aws.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An OCI layout folder with one image, read as a registry or a runtime would. */
public final class ImageLayout {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a descriptor says of a blob. */
  public record Blob(String mediaType, String digest, long size) {
    private static Blob of(JsonNode descriptor) {
      return new Blob(
          descriptor.path("mediaType").asText(),
          descriptor.path("digest").asText(),
          descriptor.path("size").asLong());
    }
  }

  /** Takes one entry of a layer; the stream is at its content. */
  public interface EntryReader {
    void read(TarArchiveEntry entry, InputStream content) throws IOException;
  }

  private final Path folder;
  private final Blob manifestBlob;
  private final JsonNode manifest;
  private final JsonNode config;

  private ImageLayout(Path folder, Blob manifestBlob, JsonNode manifest, JsonNode config) {
    this.folder = folder;
    this.manifestBlob = manifestBlob;
    this.manifest = manifest;
    this.config = config;
  }

  /**
   * Reads manifest and config.
   *
   * @throws IOException also when {@code folder} holds no image, or several
   */
  public static ImageLayout open(Path folder) throws IOException {
    JsonNode index = JSON.readTree(folder.resolve("index.json").toFile());
    if (index.path("manifests").size() != 1) {
      throw new IOException(folder + " does not hold one image");
    }
    Blob manifestBlob = Blob.of(index.at("/manifests/0"));
    JsonNode manifest = JSON.readTree(file(folder, manifestBlob).toFile());
    JsonNode config = JSON.readTree(file(folder, Blob.of(manifest.path("config"))).toFile());
    return new ImageLayout(folder, manifestBlob, manifest, config);
  }

  /** The manifest, whole. */
  public JsonNode manifest() {
    return manifest;
  }

  /** The config, whole. */
  public JsonNode config() {
    return config;
  }

  public Blob manifestBlob() {
    return manifestBlob;
  }

  public Blob configBlob() {
    return Blob.of(manifest.path("config"));
  }

  /** The layers, the lowest first. */
  public List<Blob> layers() {
    var layers = new ArrayList<Blob>();
    manifest.path("layers").forEach(layer -> layers.add(Blob.of(layer)));
    return layers;
  }

  /** Bytes that a registry stores and a client pulls. */
  public long compressedSize() {
    return layers().stream().mapToLong(Blob::size).sum()
        + configBlob().size()
        + manifestBlob.size();
  }

  public List<String> entrypoint() {
    var command = new ArrayList<String>();
    config.at("/config/Entrypoint").forEach(part -> command.add(part.asText()));
    config.at("/config/Cmd").forEach(part -> command.add(part.asText()));
    return command;
  }

  public Map<String, String> environment() {
    var environment = new LinkedHashMap<String, String>();
    for (JsonNode entry : config.at("/config/Env")) {
      String[] nameAndValue = entry.asText().split("=", 2);
      environment.put(nameAndValue[0], nameAndValue[1]);
    }
    return environment;
  }

  public String workingDirectory() {
    return config.at("/config/WorkingDir").asText("/");
  }

  /** {@code uid:gid} that it runs as; empty where who starts it decides. */
  public String user() {
    return config.at("/config/User").asText("");
  }

  /** Where the blob lies. */
  public Path file(Blob blob) {
    return file(folder, blob);
  }

  /** Reads a layer from its first entry to its last. */
  public void forEachEntry(Blob layer, EntryReader reader) throws IOException {
    try (InputStream in =
            new GZIPInputStream(
                new BufferedInputStream(Files.newInputStream(file(layer))), 1 << 16);
        var entries = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        reader.read(entry, entries);
      }
    }
  }

  private static Path file(Path folder, Blob blob) {
    return folder.resolve("blobs").resolve(blob.digest().replace(':', '/'));
  }
}
