package dev.feast.aws.localaws.ecr;

import dev.feast.aws.localaws.ecr.BlobStore.Blob;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One repository: its settings, its manifests and tags, and which blobs it may hand out.
 * Thread-safe.
 */
public final class Repository {
  private final RepositoryKey key;
  private final Instant createdAt;
  private final BlobStore blobs;
  private final Map<Digest, StoredImage> images = new LinkedHashMap<>();
  private final TreeMap<String, Digest> imageTags = new TreeMap<>();
  private final Set<Digest> linked = new HashSet<>();
  private final TreeMap<String, String> tags = new TreeMap<>();
  private boolean immutable;
  private boolean scanOnPush;
  private @Nullable String policy;
  private @Nullable String lifecyclePolicy;

  Repository(RepositoryKey key, BlobStore blobs, Instant createdAt) {
    this.key = key;
    this.blobs = blobs;
    this.createdAt = createdAt;
  }

  public RepositoryKey key() {
    return key;
  }

  Instant createdAt() {
    return createdAt;
  }

  synchronized boolean immutable() {
    return immutable;
  }

  synchronized void immutable(boolean value) {
    immutable = value;
  }

  synchronized boolean scanOnPush() {
    return scanOnPush;
  }

  synchronized void scanOnPush(boolean value) {
    scanOnPush = value;
  }

  /** The repository policy's text as it was set. */
  public synchronized Optional<String> policy() {
    return Optional.ofNullable(policy);
  }

  public synchronized void policy(@Nullable String text) {
    policy = text;
  }

  synchronized Optional<String> lifecyclePolicy() {
    return Optional.ofNullable(lifecyclePolicy);
  }

  synchronized void lifecyclePolicy(@Nullable String text) {
    lifecyclePolicy = text;
  }

  synchronized Map<String, String> tags() {
    return new TreeMap<>(tags);
  }

  synchronized void tag(Map<String, String> more) {
    tags.putAll(more);
  }

  synchronized void untag(Collection<String> keys) {
    tags.keySet().removeAll(keys);
  }

  /** Makes a blob of the store one of this repository's. */
  synchronized void link(Digest digest) {
    linked.add(digest);
  }

  /** A blob that was pushed to, or mounted in, this repository. */
  synchronized Optional<Blob> blob(Digest digest) {
    return linked.contains(digest) ? blobs.find(digest) : Optional.empty();
  }

  /** The file that has a blob's content. */
  public Optional<Path> blobFile(Digest digest) {
    return blob(digest).map(Blob::file);
  }

  synchronized boolean holds(Digest digest) {
    return linked.contains(digest);
  }

  synchronized Set<Digest> linked() {
    return Set.copyOf(linked);
  }

  synchronized boolean isEmpty() {
    return images.isEmpty();
  }

  synchronized List<StoredImage> images() {
    return List.copyOf(images.values());
  }

  /** All tags in alphabetical order, with what they point at. */
  synchronized TreeMap<String, Digest> imageTags() {
    return new TreeMap<>(imageTags);
  }

  synchronized List<String> tagsOf(Digest digest) {
    return imageTags.entrySet().stream()
        .filter(tag -> tag.getValue().equals(digest))
        .map(Map.Entry::getKey)
        .toList();
  }

  public synchronized Optional<StoredImage> image(Digest digest) {
    return Optional.ofNullable(images.get(digest));
  }

  public synchronized Optional<StoredImage> image(String tag) {
    return Optional.ofNullable(imageTags.get(tag)).flatMap(this::image);
  }

  /** What a manifest refers to and this repository does not hold. */
  synchronized List<Digest> missing(Manifest manifest) {
    var missing = new ArrayList<Digest>();
    manifest
        .config()
        .map(Manifest.Descriptor::digest)
        .filter(d -> !holds(d))
        .ifPresent(missing::add);
    manifest.layers().stream()
        .map(Manifest.Descriptor::digest)
        .filter(d -> !holds(d))
        .forEach(missing::add);
    manifest.manifests().stream()
        .map(Manifest.Descriptor::digest)
        .filter(d -> !images.containsKey(d))
        .forEach(missing::add);
    return missing;
  }

  /**
   * Stores a manifest, and a tag for it when one is given.
   *
   * @return false when the tag exists, points elsewhere, and the repository's tags are immutable
   */
  synchronized boolean put(StoredImage image, @Nullable String tag) {
    if (tag != null) {
      Digest tagged = imageTags.get(tag);
      if (immutable && tagged != null && !tagged.equals(image.digest())) {
        return false;
      }
      imageTags.put(tag, image.digest());
    }
    images.putIfAbsent(image.digest(), image);
    return true;
  }

  /** Takes a tag away, and the image with it when that was its last one. */
  synchronized void removeTag(String tag) {
    Digest digest = imageTags.remove(tag);
    if (digest != null && !imageTags.containsValue(digest)) {
      images.remove(digest);
    }
  }

  synchronized void remove(Digest digest) {
    images.remove(digest);
    imageTags.values().removeIf(digest::equals);
  }

  /** Whether an index of this repository refers to the image. */
  synchronized boolean referenced(Digest digest) {
    return images.values().stream()
        .flatMap(image -> image.manifest().manifests().stream())
        .anyMatch(child -> child.digest().equals(digest));
  }
}
