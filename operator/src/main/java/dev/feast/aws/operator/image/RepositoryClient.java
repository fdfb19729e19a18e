package dev.feast.aws.operator.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, by the OCI distribution specification's HTTP API. A token that the
 * registry wants is got with this repository's credentials and kept for it alone.
 *
 * <p>It is written on the JDK's client and not on ORAS' SDK (0.7.0), which keeps tokens in one
 * static cache by scope and not by credentials, so that one tenant's pull secret would serve
 * another's image; puts every manifest as OCI, also Docker's; waits for answers without a limit;
 * reads the machine's registries.conf; and says of a failed upload not with which status.
 */
final class RepositoryClient {
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** The slowest transfer that is waited for; it bounds how long a layer may take. */
  private static final long BYTES_PER_SECOND = 256 * 1024;

  private static final int MAX_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final String MANIFESTS =
      String.join(
          ", ",
          Document.OCI_MANIFEST,
          Document.OCI_INDEX,
          Document.DOCKER_MANIFEST,
          Document.DOCKER_LIST);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final RemoteRepository repository;
  private volatile @Nullable String token;

  /**
   * @param http follows no redirects of its own: it would take the credentials along
   */
  RepositoryClient(HttpClient http, RemoteRepository repository) {
    this.http = http;
    this.repository = repository;
  }

  RemoteRepository repository() {
    return repository;
  }

  /** The manifest or index of a tag or digest; what a digest asks for is checked. */
  Document manifest(String version) throws ImageException, IOException, InterruptedException {
    HttpResponse<InputStream> response =
        get(repository.path("manifests/" + version), MANIFESTS, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      expect(response, 200, repository + version(version));
      byte[] bytes = limited(() -> body.readNBytes(ImageContent.MAX_DOCUMENT_BYTES + 1), ANSWER);
      if (bytes.length > ImageContent.MAX_DOCUMENT_BYTES) {
        throw new ImageException(
            new ImageOutcome.Unsupported("its manifest is larger than registries allow (4 MiB)"));
      }
      String type = response.headers().firstValue("Content-Type").orElse(Document.OCI_MANIFEST);
      Document document = Document.of(bytes, type.replaceFirst(";.*", "").strip());
      if (version.startsWith("sha256:") && !document.digest().equals(version)) {
        throw new IOException(repository + " sent another manifest than " + version);
      }
      return document;
    }
  }

  /** A blob's bytes, unchecked, as they come in. */
  InputStream blob(String digest) throws ImageException, IOException, InterruptedException {
    HttpResponse<InputStream> response =
        get(
            repository.path("blobs/" + digest),
            "application/octet-stream",
            BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      try (InputStream body = response.body()) {
        expect(response, 200, repository + " blob " + digest);
      }
    }
    return response.body();
  }

  boolean hasBlob(String digest) throws ImageException, IOException, InterruptedException {
    return exists(repository.path("blobs/" + digest), "application/octet-stream");
  }

  boolean hasManifest(String digest) throws ImageException, IOException, InterruptedException {
    return exists(repository.path("manifests/" + digest), MANIFESTS);
  }

  /** Uploads a blob in one piece; a piece that was cut off leaves nothing in the repository. */
  void upload(Descriptor blob, InputStream bytes)
      throws ImageException, IOException, InterruptedException {
    URI start = repository.path("blobs/uploads/");
    HttpResponse<InputStream> started =
        send(
            () -> HttpRequest.newBuilder(start).POST(BodyPublishers.noBody()),
            BodyHandlers.ofInputStream(),
            ANSWER);
    expectPushed(started, 202);
    String place =
        started
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new IOException(repository + " named no place for an upload"));
    URI end =
        named(
            "place for an upload",
            () -> {
              URI location = started.uri().resolve(place);
              return URI.create(
                  location
                      + (location.getRawQuery() == null ? "?" : "&")
                      + "digest="
                      + blob.digest().replace(":", "%3A"));
            });
    BodyPublisher body =
        blob.size() == 0
            ? BodyPublishers.noBody()
            : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> bytes), blob.size());
    HttpResponse<InputStream> ended =
        sendOnce(
            HttpRequest.newBuilder(end)
                .header("Content-Type", "application/octet-stream")
                .PUT(body),
            BodyHandlers.ofInputStream(),
            ANSWER.plusSeconds(blob.size() / BYTES_PER_SECOND));
    expectPushed(ended, 201);
  }

  /** Puts a manifest by its digest, as the bytes that it was read as. */
  void put(Document manifest) throws ImageException, IOException, InterruptedException {
    URI uri = repository.path("manifests/" + manifest.digest());
    HttpResponse<InputStream> response =
        send(
            () ->
                HttpRequest.newBuilder(uri)
                    .header("Content-Type", manifest.mediaType())
                    .PUT(BodyPublishers.ofByteArray(manifest.bytes())),
            BodyHandlers.ofInputStream(),
            ANSWER);
    expectPushed(response, 201);
  }

  private void expectPushed(HttpResponse<InputStream> response, int status)
      throws ImageException, IOException, InterruptedException {
    try (InputStream body = response.body()) {
      expect(response, status, repository.toString());
    }
  }

  private boolean exists(URI uri, String accept)
      throws ImageException, IOException, InterruptedException {
    HttpResponse<Void> response =
        redirected(
            () -> HttpRequest.newBuilder(uri).header("Accept", accept).HEAD(),
            BodyHandlers.discarding());
    if (response.statusCode() == 404) {
      return false;
    }
    expect(response, 200, repository.toString());
    return true;
  }

  private <T> HttpResponse<T> get(URI uri, String accept, BodyHandler<T> handler)
      throws ImageException, IOException, InterruptedException {
    return redirected(() -> HttpRequest.newBuilder(uri).header("Accept", accept), handler);
  }

  /** Blobs are often kept elsewhere; that place must not see the registry's credentials. */
  private <T> HttpResponse<T> redirected(Request request, BodyHandler<T> handler)
      throws ImageException, IOException, InterruptedException {
    HttpResponse<T> response = send(request, handler, ANSWER);
    for (int i = 0; i < MAX_REDIRECTS && REDIRECTS.contains(response.statusCode()); i++) {
      URI from = response.uri();
      String location = response.headers().firstValue("Location").orElse("");
      URI to = named("place of a blob", () -> from.resolve(location));
      if (from.getScheme().equals("https") && !to.getScheme().equals("https")) {
        throw new IOException(repository + " redirects from https to " + to.getScheme());
      }
      HttpRequest.Builder next = HttpRequest.newBuilder(to);
      if (response.request().method().equals("HEAD")) {
        next.HEAD();
      }
      response =
          from.getAuthority().equals(to.getAuthority())
              ? sendOnce(next, handler, ANSWER)
              : exchange(next.build(), handler, ANSWER);
    }
    return response;
  }

  /** Makes a request anew, as each can be sent once. */
  private interface Request {
    HttpRequest.Builder builder();
  }

  private <T> HttpResponse<T> send(Request request, BodyHandler<T> handler, Duration limit)
      throws ImageException, IOException, InterruptedException {
    HttpResponse<T> response = sendOnce(request.builder(), handler, limit);
    if (response.statusCode() != 401) {
      return response;
    }
    Optional<Challenge> challenge =
        Challenge.bearer(response.headers().allValues("WWW-Authenticate"));
    if (challenge.isEmpty()) {
      return response;
    }
    if (response.body() instanceof InputStream body) {
      body.close();
    }
    token = token(challenge.get());
    return sendOnce(request.builder(), handler, limit);
  }

  private <T> HttpResponse<T> sendOnce(
      HttpRequest.Builder request, BodyHandler<T> handler, Duration limit)
      throws ImageException, IOException, InterruptedException {
    String bearer = token;
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    } else if (repository.credentials() instanceof Credentials.Basic basic) {
      request.header("Authorization", basic.header());
    }
    return exchange(request.build(), handler, limit);
  }

  /** The only way out: what may not be asked is asked by none. */
  private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler, Duration limit)
      throws ImageException, IOException, InterruptedException {
    repository.reach().check(request.uri());
    return limited(http.sendAsync(request, handler), limit);
  }

  private String token(Challenge challenge)
      throws ImageException, IOException, InterruptedException {
    URI uri =
        named(
            "place for tokens",
            () -> challenge.tokenUri("repository:" + repository.name() + ":pull"));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (repository.credentials() instanceof Credentials.Basic basic) {
      if (!uri.getScheme().equals(repository.registry().getScheme())
          && !uri.getScheme().equals("https")) {
        throw new IOException(repository + " wants credentials sent over " + uri.getScheme());
      }
      request.header("Authorization", basic.header());
    }
    HttpResponse<byte[]> response = exchange(request.build(), BodyHandlers.ofByteArray(), ANSWER);
    expect(response, 200, repository.toString());
    JsonNode json = JSON.readTree(response.body());
    return json.path("token").asText(json.path("access_token").asText(""));
  }

  /** An address in a registry's own words, which may be none that a request can be sent to. */
  private URI named(String what, Supplier<URI> address) throws IOException {
    try {
      URI uri = address.get();
      var _ = HttpRequest.newBuilder(uri); // Looks at scheme and host.
      return uri;
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s named a %s that is no address: %s".formatted(repository, what, e.getMessage()), e);
    }
  }

  private void expect(HttpResponse<?> response, int status, String what)
      throws ImageException, IOException, InterruptedException {
    int found = response.statusCode();
    if (found == status) {
      return;
    }
    throw new ImageException(
        switch (found) {
          case 401, 403 ->
              new ImageOutcome.Unauthorized(
                  repository.registry().getAuthority(), notAllowed(response));
          case 404 -> new ImageOutcome.NotFound(what);
          default ->
              new ImageOutcome.Unavailable(
                  "%s answered %s with status %d"
                      .formatted(
                          response.uri().getAuthority(), response.request().method(), found));
        });
  }

  /** Null where the answer does not say which, as none to a HEAD does. */
  private static @Nullable NotAllowed notAllowed(HttpResponse<?> response)
      throws IOException, InterruptedException {
    return response.body() instanceof InputStream body
        ? NotAllowed.in(limited(() -> body.readNBytes(NotAllowed.MAX_BYTES), ANSWER)).orElse(null)
        : null;
  }

  private static String version(String version) {
    return (version.startsWith("sha256:") ? "@" : ":") + version;
  }

  private interface Read<T> {
    T read() throws IOException;
  }

  /** Reading a body has no limit of its own in the JDK's client. */
  private static <T> T limited(Read<T> read, Duration limit)
      throws IOException, InterruptedException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread reader =
        Thread.startVirtualThread(
            () -> {
              try {
                result.complete(read.read());
              } catch (IOException e) {
                result.completeExceptionally(e);
              }
            });
    try {
      return limited(result, limit);
    } finally {
      reader.interrupt();
    }
  }

  private static <T> T limited(CompletableFuture<T> future, Duration limit)
      throws IOException, InterruptedException {
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new HttpTimeoutException("no answer within " + limit.toSeconds() + " s");
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }
}
