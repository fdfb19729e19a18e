package dev.feast.aws.localaws.ecr;

import dev.feast.aws.localaws.ecr.BlobStore.Blob;
import dev.feast.aws.localaws.ecr.BlobStore.Upload;
import dev.feast.aws.localaws.ecr.DistributionRegistry.About;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Operation;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Blobs of the distribution registry: reads, uploads in one piece or in chunks, and mounts from
 * other repositories.
 */
final class RegistryBlobs {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("(?:bytes=)?(\\d{1,18})-(\\d{1,18})");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

  private final Repositories repositories;

  RegistryBlobs(Repositories repositories) {
    this.repositories = repositories;
  }

  Operation read(Request request, String digest, About repository) {
    return switch (request.method()) {
      case "HEAD", "GET" ->
          repository.reads(
              request.method().equals("HEAD")
                  ? "BatchCheckLayerAvailability"
                  : "GetDownloadUrlForLayer",
              () -> content(request, repository.get(), digest));
      default -> throw RegistryErrors.unsupported();
    };
  }

  Operation upload(Request request, String id, About repository) {
    if (id.isEmpty()) {
      if (!request.method().equals("POST")) {
        throw RegistryErrors.unsupported();
      }
      // A blob may come with the request that begins its upload, or that ends it.
      return repository.mutates(
          "InitiateLayerUpload",
          () -> begin(request, repository.get()),
          request.query().has("digest")
              ? new String[] {"UploadLayerPart", "CompleteLayerUpload"}
              : new String[0]);
    }
    return switch (request.method()) {
      case "PATCH" ->
          repository.mutates("UploadLayerPart", () -> append(request, repository.get(), find(id)));
      case "PUT" ->
          repository.mutates(
              "CompleteLayerUpload",
              () -> complete(request, repository.get(), find(id)),
              request.contentLength().orElse(1L) > 0
                  ? new String[] {"UploadLayerPart"}
                  : new String[0]);
      case "GET" ->
          repository.reads("UploadLayerPart", () -> progress(204, repository.get(), find(id)));
      case "DELETE" ->
          repository.mutates(
              "UploadLayerPart",
              () -> {
                repository.get();
                find(id).cancel();
                return Response.of(204);
              });
      default -> throw RegistryErrors.unsupported();
    };
  }

  private static Response content(Request request, Repository repository, String reference)
      throws IOException {
    Blob blob =
        Digest.parse(reference)
            .flatMap(repository::blob)
            .orElseThrow(() -> AwsError.of(404, "BLOB_UNKNOWN", "blob unknown to registry"));
    Headers headers =
        Headers.of(
            "Content-Type",
            "application/octet-stream",
            "Docker-Content-Digest",
            reference,
            "ETag",
            '"' + reference + '"',
            "Accept-Ranges",
            "bytes");
    Optional<Span> span = request.header("Range").flatMap(text -> Span.parse(text, blob.size()));
    InputStream content = Files.newInputStream(blob.file());
    if (span.isEmpty()) {
      return new Response(200, headers, new Body.Stream(content, blob.size()));
    }
    content.skipNBytes(span.get().first());
    return new Response(
        206,
        headers.plus(
            "Content-Range",
            "bytes %d-%d/%d".formatted(span.get().first(), span.get().last(), blob.size())),
        new Body.Stream(new Limited(content, span.get().length()), span.get().length()));
  }

  private Upload find(String id) {
    return repositories
        .blobs()
        .upload(id)
        .orElseThrow(
            () -> AwsError.of(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"));
  }

  private Response begin(Request request, Repository repository) throws IOException {
    Optional<Digest> mount = request.query().first("mount").flatMap(Digest::parse);
    Optional<Repository> from = request.query().first("from").flatMap(repositories::find);
    if (mount.isPresent()
        && from.isPresent()
        && from.get().key().account().equals(repository.key().account())
        && repositories.mount(from.get(), repository, mount.get())) {
      return created(repository, mount.get());
    }
    Upload upload = repositories.blobs().begin();
    return request.query().has("digest")
        ? complete(request, repository, upload)
        : progress(202, repository, upload);
  }

  private static Response append(Request request, Repository repository, Upload upload)
      throws IOException {
    Optional<Matcher> range = request.header("Content-Range").map(CONTENT_RANGE::matcher);
    if (range.isPresent()
        && (!range.get().matches() || Long.parseLong(range.get().group(1)) != upload.size())) {
      return progress(416, repository, upload);
    }
    upload.append(request.body());
    return progress(202, repository, upload);
  }

  private Response complete(Request request, Repository repository, Upload upload)
      throws IOException {
    Optional<Digest> digest = request.query().first("digest").flatMap(Digest::parse);
    if (digest.isEmpty()) {
      upload.cancel();
      throw digestInvalid("The digest is missing, or is no sha256 digest");
    }
    upload.append(request.body());
    if (repositories.keep(repository, upload, digest.get()).isEmpty()) {
      throw digestInvalid("provided digest did not match uploaded content");
    }
    return created(repository, digest.get());
  }

  static AwsError digestInvalid(String text) {
    return AwsError.of(400, "DIGEST_INVALID", text);
  }

  private static Response created(Repository repository, Digest digest) {
    return Response.of(
        201,
        "Location",
        "/v2/" + repository.key().path() + "/blobs/" + digest,
        "Docker-Content-Digest",
        digest.toString());
  }

  private static Response progress(int status, Repository repository, Upload upload) {
    return Response.of(
        status,
        "Location",
        "/v2/" + repository.key().path() + "/blobs/uploads/" + upload.id(),
        "Range",
        "0-" + Math.max(0, upload.size() - 1),
        "Docker-Upload-UUID",
        upload.id());
  }

  /** The first and last byte that a Range header asks for. */
  private record Span(long first, long last) {
    /**
     * Empty for a header that asks for several parts or lies outside the blob: the answer is then
     * the whole blob.
     */
    static Optional<Span> parse(String header, long size) {
      Matcher matcher = RANGE.matcher(header);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      long first = Long.parseLong(matcher.group(1));
      long last = matcher.group(2).isEmpty() ? size - 1 : Long.parseLong(matcher.group(2));
      return first <= last && first < size
          ? Optional.of(new Span(first, Math.min(last, size - 1)))
          : Optional.empty();
    }

    long length() {
      return last - first + 1;
    }
  }

  /** The first {@code remaining} bytes of a stream. */
  private static final class Limited extends FilterInputStream {
    private long remaining;

    Limited(InputStream in, long length) {
      super(in);
      this.remaining = length;
    }

    @Override
    public int read() throws IOException {
      return remaining-- > 0 ? super.read() : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (remaining <= 0) {
        return -1;
      }
      int read = super.read(buffer, offset, (int) Math.min(length, remaining));
      remaining -= Math.max(0, read);
      return read;
    }
  }
}
