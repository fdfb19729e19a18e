package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.ecr.DistributionRegistry.About;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Operation;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Manifests and tags of the distribution registry. */
final class RegistryManifests {
  /** ECR refuses larger manifests. */
  private static final int MAX_BYTES = 4 << 20;

  private static final int MAX_TAGS_PER_PAGE = 1000;
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  private static final JsonMapper JSON = new JsonMapper();

  private final Clock clock;

  RegistryManifests(Clock clock) {
    this.clock = clock;
  }

  Operation operation(Request request, String reference, About repository) {
    return switch (request.method()) {
      case "HEAD", "GET" ->
          repository.reads("BatchGetImage", () -> get(request, repository.get(), reference));
      case "PUT" -> repository.mutates("PutImage", () -> put(request, repository.get(), reference));
      default -> throw RegistryErrors.unsupported();
    };
  }

  Operation tags(Request request, About repository) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      throw RegistryErrors.unsupported();
    }
    return repository.reads("ListImages", () -> list(request, repository.get()));
  }

  private static Response get(Request request, Repository repository, String reference) {
    Optional<Digest> digest = Digest.parse(reference);
    StoredImage image =
        (digest.isPresent() ? repository.image(digest.get()) : repository.image(reference))
            .filter(found -> accepted(request, found))
            .orElseThrow(() -> AwsError.of(404, "MANIFEST_UNKNOWN", "Requested image not found"));
    return new Response(
        200,
        Headers.of(
            "Content-Type", image.manifest().mediaType(),
            "Docker-Content-Digest", image.digest().toString(),
            "ETag", '"' + image.digest().toString() + '"'),
        new Body.Bytes(image.content()));
  }

  /** No Accept header, or a wildcard, takes any manifest. */
  private static boolean accepted(Request request, StoredImage image) {
    Set<String> accepted = new HashSet<>();
    for (String header : request.headers().all("Accept")) {
      for (String type : header.split(",", -1)) {
        accepted.add(withoutParameters(type));
      }
    }
    return accepted.isEmpty()
        || accepted.contains("*/*")
        || accepted.contains(image.manifest().mediaType());
  }

  private static String withoutParameters(String mediaType) {
    return mediaType.split(";", 2)[0].strip();
  }

  private Response put(Request request, Repository repository, String reference)
      throws IOException {
    byte[] content = request.body().readNBytes(MAX_BYTES + 1);
    if (content.length > MAX_BYTES) {
      throw AwsError.of(413, "SIZE_INVALID", "The manifest is larger than " + MAX_BYTES + " bytes");
    }
    Digest actual = Digest.of(content);
    Optional<Digest> named = Digest.parse(reference);
    if (named.isPresent() && !named.get().equals(actual)) {
      throw RegistryBlobs.digestInvalid("provided digest did not match uploaded content");
    }
    if (named.isEmpty() && !TAG.matcher(reference).matches()) {
      throw AwsError.of(400, "TAG_INVALID", "'" + reference + "' is not a valid tag");
    }
    Manifest manifest = parse(content, request);
    List<Digest> missing = repository.missing(manifest);
    if (!missing.isEmpty()) {
      throw AwsError.of(
          404,
          manifest.isIndex() ? "MANIFEST_UNKNOWN" : "BLOB_UNKNOWN",
          "The repository does not hold what the manifest refers to: " + missing);
    }
    var image = new StoredImage(actual, manifest, content, clock.instant());
    if (!repository.put(image, named.isPresent() ? null : reference)) {
      throw AwsError.of(
          400,
          "TAG_INVALID",
          "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the tag is immutable."
              .formatted(reference, repository.key().name()));
    }
    return Response.of(
        201,
        "Location",
        "/v2/" + repository.key().path() + "/manifests/" + actual,
        "Docker-Content-Digest",
        actual.toString());
  }

  private static Manifest parse(byte[] content, Request request) {
    try {
      return Manifest.parse(content, withoutParameters(request.header("Content-Type").orElse("")));
    } catch (Manifest.InvalidManifest e) {
      throw AwsError.of(400, "MANIFEST_INVALID", String.valueOf(e.getMessage()));
    }
  }

  private static Response list(Request request, Repository repository) throws IOException {
    String last = request.query().first("last").orElse("");
    String name = repository.key().path();
    List<String> rest =
        repository.imageTags().keySet().stream().filter(tag -> tag.compareTo(last) > 0).toList();
    int limit = request.query().first("n").map(RegistryManifests::count).orElse(MAX_TAGS_PER_PAGE);
    List<String> page = rest.subList(0, Math.min(limit, rest.size()));
    Response response =
        Response.json(200, JSON.writeValueAsBytes(Map.of("name", name, "tags", page)));
    return page.isEmpty() || page.size() == rest.size()
        ? response
        : response.with(
            "Link",
            "</v2/%s/tags/list?n=%d&last=%s>; rel=\"next\"".formatted(name, limit, page.getLast()));
  }

  private static int count(String text) {
    try {
      return Math.clamp(Integer.parseInt(text), 0, MAX_TAGS_PER_PAGE);
    } catch (NumberFormatException e) {
      return MAX_TAGS_PER_PAGE;
    }
  }
}
