package dev.feast.aws.localaws.ecr;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import software.amazon.awssdk.services.ecr.EcrClient;

/** Speaks to the registry in plain HTTP, one request at a time, so that tests see each answer. */
public final class RegistryClient {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI endpoint;
  private final String authorization;

  public RegistryClient(URI endpoint, String authorization) {
    this.endpoint = endpoint;
    this.authorization = authorization;
  }

  /** With a token that GetAuthorizationToken gave. */
  public static RegistryClient of(URI endpoint, EcrClient ecr) {
    String token = ecr.getAuthorizationToken().authorizationData().getFirst().authorizationToken();
    return new RegistryClient(endpoint, "Basic " + token);
  }

  public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
    return send(method, path, BodyPublishers.ofByteArray(body), headers);
  }

  /** In chunks, without Content-Length. */
  HttpResponse<byte[]> stream(String method, String path, byte[] body, String... headers) {
    return send(
        method, path, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), headers);
  }

  private HttpResponse<byte[]> send(
      String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    var request = HttpRequest.newBuilder(endpoint.resolve(path)).method(method, body);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<byte[]> get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  /** Pushes a blob in one piece; returns its digest. */
  public String pushBlob(String repository, byte[] content) {
    var answer =
        send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest(content), content);
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(text(answer));
    }
    return digest(content);
  }

  /** Pushes a manifest under a tag or its digest. */
  public HttpResponse<byte[]> pushManifest(
      String repository, String reference, String mediaType, String manifest) {
    return send(
        "PUT",
        "/v2/" + repository + "/manifests/" + reference,
        manifest.getBytes(StandardCharsets.UTF_8),
        "Content-Type",
        mediaType);
  }

  public static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  public static String digest(byte[] content) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
