package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An image by digest, by tag, or by both; both empty is what a request may say and no image is. */
record ImageId(@Nullable String digest, @Nullable String tag) {
  static ImageId of(JsonNode json) {
    return new ImageId(text(json.get("imageDigest")), text(json.get("imageTag")));
  }

  private static @Nullable String text(@Nullable JsonNode json) {
    return json == null || json.isNull() ? null : json.asText();
  }

  boolean isEmpty() {
    return digest == null && tag == null;
  }

  /** The image, where digest and tag agree. */
  Optional<StoredImage> find(Repository repository) {
    Optional<StoredImage> byTag = Optional.ofNullable(tag).flatMap(repository::image);
    Optional<StoredImage> byDigest =
        Optional.ofNullable(digest).flatMap(Digest::parse).flatMap(repository::image);
    if (tag != null && digest != null) {
      return byTag.filter(image -> image.digest().toString().equals(digest));
    }
    return tag == null ? byDigest : byTag;
  }

  /** As ECR's messages have it. */
  @Override
  public String toString() {
    return "{imageDigest:'" + digest + "', imageTag:'" + tag + "'}";
  }
}
