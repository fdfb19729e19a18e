package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Page;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ECR's API does with images. */
final class ImageOperations {
  /** "imageIds: Array Members: Minimum number of 1 item. Maximum number of 100 items." */
  private static final int MAX_IMAGE_IDS = 100;

  private final RepositoryOperations repositories;
  private final Clock clock;

  ImageOperations(RepositoryOperations repositories, Clock clock) {
    this.repositories = repositories;
    this.clock = clock;
  }

  JsonNode list(JsonNode input, Caller caller) {
    Repository repository = repositories.repository(input, caller);
    String status = input.path("filter").path("tagStatus").asText("ANY");
    List<ImageId> ids = new ArrayList<>();
    for (StoredImage image : repository.images()) {
      String digest = image.digest().toString();
      List<String> tags = repository.tagsOf(image.digest());
      if (tags.isEmpty() && !status.equals("TAGGED")) {
        ids.add(new ImageId(digest, null));
      }
      if (!status.equals("UNTAGGED")) {
        tags.forEach(tag -> ids.add(new ImageId(digest, tag)));
      }
    }
    ids.sort(Comparator.comparing(ImageOperations::sortKey));
    Page<ImageId> page = Pages.of(ids, ImageOperations::sortKey, input);
    var output = JsonNodeFactory.instance.objectNode();
    var array = output.putArray("imageIds");
    page.items().forEach(id -> array.add(json(id)));
    page.next().ifPresent(token -> output.put("nextToken", token));
    return output;
  }

  JsonNode describe(JsonNode input, Caller caller) {
    Repository repository = repositories.repository(input, caller);
    Set<Digest> wanted = new HashSet<>();
    for (JsonNode json : input.path("imageIds")) {
      ImageId id = ImageId.of(json);
      wanted.add(
          id.find(repository)
              .orElseThrow(() -> EcrErrors.imageNotFound(repository.key(), id))
              .digest());
    }
    String status = input.path("filter").path("tagStatus").asText("ANY");
    List<ImageId> ids =
        repository.images().stream()
            .map(StoredImage::digest)
            .filter(digest -> wanted.isEmpty() || wanted.contains(digest))
            .filter(digest -> hasStatus(status, repository.tagsOf(digest)))
            .map(digest -> new ImageId(digest.toString(), null))
            .sorted(Comparator.comparing(ImageOperations::sortKey))
            .toList();
    Page<ImageId> page = Pages.of(ids, ImageOperations::sortKey, input);
    var output = JsonNodeFactory.instance.objectNode();
    var array = output.putArray("imageDetails");
    for (ImageId id : page.items()) {
      id.find(repository).ifPresent(image -> array.add(detail(repository, image)));
    }
    page.next().ifPresent(token -> output.put("nextToken", token));
    return output;
  }

  private static boolean hasStatus(String status, List<String> tags) {
    return switch (status) {
      case "TAGGED" -> !tags.isEmpty();
      case "UNTAGGED" -> tags.isEmpty();
      default -> true;
    };
  }

  private static ObjectNode detail(Repository repository, StoredImage image) {
    ObjectNode detail =
        JsonNodeFactory.instance
            .objectNode()
            .put("registryId", repository.key().account())
            .put("repositoryName", repository.key().name())
            .put("imageDigest", image.digest().toString());
    List<String> tags = repository.tagsOf(image.digest());
    if (!tags.isEmpty()) {
      ArrayNode array = detail.putArray("imageTags");
      tags.forEach(array::add);
    }
    detail
        .put("imageSizeInBytes", image.manifest().imageSize())
        .put("imagePushedAt", image.pushedAt().toEpochMilli() / 1000.0)
        .put("imageManifestMediaType", image.manifest().mediaType());
    image
        .manifest()
        .config()
        .ifPresent(config -> detail.put("artifactMediaType", config.mediaType()));
    return detail;
  }

  JsonNode batchGet(JsonNode input, Caller caller) {
    Repository repository = repositories.repository(input, caller);
    var output = JsonNodeFactory.instance.objectNode();
    var images = output.putArray("images");
    var failures = output.putArray("failures");
    for (ImageId id : imageIds(input)) {
      if (failed(id, repository, failures)) {
        continue;
      }
      id.find(repository).ifPresent(image -> images.add(image(repository, image, id.tag())));
    }
    return output;
  }

  private static ObjectNode image(Repository repository, StoredImage image, @Nullable String tag) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("registryId", repository.key().account())
            .put("repositoryName", repository.key().name());
    json.set("imageId", json(new ImageId(image.digest().toString(), tag)));
    return json.put("imageManifest", new String(image.content(), StandardCharsets.UTF_8))
        .put("imageManifestMediaType", image.manifest().mediaType());
  }

  JsonNode batchDelete(JsonNode input, Caller caller) {
    Repository repository = repositories.repository(input, caller);
    var output = JsonNodeFactory.instance.objectNode();
    var deleted = output.putArray("imageIds");
    var failures = output.putArray("failures");
    for (ImageId id : imageIds(input)) {
      if (failed(id, repository, failures)) {
        continue;
      }
      StoredImage image = id.find(repository).orElseThrow();
      List<String> tags = repository.tagsOf(image.digest());
      boolean whole = id.tag() == null || tags.size() == 1;
      if (whole && repository.referenced(image.digest())) {
        failure(
            failures,
            id,
            "ImageReferencedByManifestList",
            "Requested image referenced by manifest list");
      } else if (id.tag() == null) {
        repository.remove(image.digest());
        if (tags.isEmpty()) {
          deleted.add(json(id));
        }
        tags.forEach(tag -> deleted.add(json(new ImageId(image.digest().toString(), tag))));
      } else {
        repository.removeTag(id.tag());
        deleted.add(json(new ImageId(image.digest().toString(), id.tag())));
      }
    }
    return output;
  }

  JsonNode put(JsonNode input, Caller caller) {
    Repository repository = repositories.repository(input, caller);
    byte[] content = input.path("imageManifest").asText().getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(content);
    if (!input.path("imageDigest").asText(digest.toString()).equals(digest.toString())) {
      throw EcrErrors.error(
          "ImageDigestDoesNotMatchException",
          "The specified image digest does not match the digest that Amazon ECR calculated for the"
              + " image.");
    }
    Manifest manifest;
    try {
      manifest = Manifest.parse(content, input.path("imageManifestMediaType").asText(""));
    } catch (Manifest.InvalidManifest e) {
      throw EcrErrors.invalid("imageManifest", String.valueOf(e.getMessage()));
    }
    List<Digest> missing = repository.missing(manifest);
    if (!missing.isEmpty()) {
      throw EcrErrors.error(
          manifest.isIndex() ? "ReferencedImagesNotFoundException" : "LayersNotFoundException",
          "The repository with name '%s' in registry with id '%s' does not hold %s",
          repository.key().name(),
          repository.key().account(),
          missing);
    }
    String tag = input.path("imageTag").isTextual() ? input.path("imageTag").asText() : null;
    if (new ImageId(digest.toString(), tag).find(repository).isPresent()) {
      throw EcrErrors.error(
          "ImageAlreadyExistsException",
          "Image with digest '%s' and tag '%s' already exists in the repository with name '%s' in"
              + " registry with id '%s'",
          digest,
          tag,
          repository.key().name(),
          repository.key().account());
    }
    var image = new StoredImage(digest, manifest, content, clock.instant());
    if (!repository.put(image, tag)) {
      throw EcrErrors.error(
          "ImageTagAlreadyExistsException",
          "The image tag '%s' already exists in the '%s' repository and cannot be overwritten"
              + " because the repository is immutable.",
          tag,
          repository.key().name());
    }
    var output = JsonNodeFactory.instance.objectNode();
    output.set("image", image(repository, image, tag));
    return output;
  }

  private static List<ImageId> imageIds(JsonNode input) {
    var ids = new ArrayList<ImageId>();
    input.path("imageIds").forEach(id -> ids.add(ImageId.of(id)));
    if (ids.isEmpty() || ids.size() > MAX_IMAGE_IDS) {
      throw EcrErrors.invalid(
          "imageIds",
          ids.isEmpty()
              ? "Member must have length greater than or equal to 1"
              : "Member must have length less than or equal to " + MAX_IMAGE_IDS);
    }
    return ids;
  }

  /** Adds the failure for an id that names no image here. */
  private static boolean failed(ImageId id, Repository repository, ArrayNode failures) {
    if (id.isEmpty()) {
      failure(
          failures,
          id,
          "MissingDigestAndTag",
          "Invalid request parameters: both tag and digest cannot be null");
      return true;
    }
    if (id.digest() != null && Digest.parse(id.digest()).isEmpty()) {
      failure(
          failures,
          id,
          "InvalidImageDigest",
          "Invalid request parameters: image digest should satisfy the regex"
              + " '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'");
      return true;
    }
    if (id.find(repository).isPresent()) {
      return false;
    }
    boolean tagElsewhere =
        id.digest() != null && id.tag() != null && repository.image(id.tag()).isPresent();
    failure(
        failures,
        id,
        tagElsewhere ? "ImageTagDoesNotMatchDigest" : "ImageNotFound",
        tagElsewhere
            ? "Provided image tag does not match the digest of the image"
            : "Requested image not found");
    return true;
  }

  private static void failure(ArrayNode failures, ImageId id, String code, String reason) {
    ObjectNode failure = failures.addObject();
    failure.set("imageId", json(id));
    failure.put("failureCode", code).put("failureReason", reason);
  }

  private static String sortKey(ImageId id) {
    return id.digest() + " " + (id.tag() == null ? "" : id.tag());
  }

  private static ObjectNode json(ImageId id) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (id.digest() != null) {
      json.put("imageDigest", id.digest());
    }
    if (id.tag() != null) {
      json.put("imageTag", id.tag());
    }
    return json;
  }
}
