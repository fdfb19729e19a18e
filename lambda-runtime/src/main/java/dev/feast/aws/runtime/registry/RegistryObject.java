package dev.feast.aws.runtime.registry;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The object that Feast wrote. */
public interface RegistryObject {

  /**
   * One version of the object.
   *
   * @param etag names these bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
  record Content(String etag, byte[] bytes) {}

  /**
   * Fetches the object, or nothing while it is still the one of this ETag.
   *
   * @param knownEtag null to get it in any case
   * @param timeout what it may take in all
   */
  Optional<Content> fetch(@Nullable String knownEtag, Duration timeout) throws RegistryException;
}
