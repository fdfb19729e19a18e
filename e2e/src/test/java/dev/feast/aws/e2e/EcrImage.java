package dev.feast.aws.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** An image of no use, pushed to ECR with the registry's own protocol. */
record EcrImage(URI registry, String path, String authorization) {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  /** What a FeatureServer calls it. */
  String uri(String tag) {
    return registry.getAuthority() + "/" + path + ":" + tag;
  }

  /**
   * Pushes an image for Linux of one architecture.
   *
   * @param architecture as OCI has it: amd64, arm64
   */
  void push(String tag, String architecture) throws IOException, InterruptedException {
    byte[] config =
        """
        {"architecture":"%s","os":"linux","config":{"Entrypoint":["/none"]},"rootfs":{"type":"layers","diff_ids":["%s"]}}
        """
            .formatted(architecture, digest(emptyTar()))
            .getBytes(UTF_8);
    byte[] layer = gzip(emptyTar());
    pushBlob(config);
    pushBlob(layer);
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}
        """
            .formatted(MANIFEST, descriptor(CONFIG, config), descriptor(LAYER, layer));
    send(
        request(registry.resolve("/v2/" + path + "/manifests/" + tag))
            .header("Content-Type", MANIFEST)
            .PUT(HttpRequest.BodyPublishers.ofString(manifest)));
  }

  private void pushBlob(byte[] blob) throws IOException, InterruptedException {
    HttpResponse<String> begun =
        send(
            request(registry.resolve("/v2/" + path + "/blobs/uploads/"))
                .POST(HttpRequest.BodyPublishers.noBody()));
    URI upload = registry.resolve(begun.headers().firstValue("Location").orElseThrow());
    String separator = upload.getRawQuery() == null ? "?" : "&";
    send(
        request(URI.create(upload + separator + "digest=" + digest(blob)))
            .header("Content-Type", "application/octet-stream")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(blob)));
  }

  private HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).header("Authorization", "Basic " + authorization);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IOException(response + ": " + response.body());
      }
      return response;
    }
  }

  private static String descriptor(String mediaType, byte[] content) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(mediaType, digest(content), content.length);
  }

  /** Two blocks of zeros end a tar file. */
  private static byte[] emptyTar() {
    return new byte[1024];
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(content);
    }
    return zipped.toByteArray();
  }

  private static String digest(byte[] content) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
