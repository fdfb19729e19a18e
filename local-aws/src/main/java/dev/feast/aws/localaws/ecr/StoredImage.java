package dev.feast.aws.localaws.ecr;

import java.time.Instant;

/**
 * A manifest in a repository.
 *
 * @param content the manifest byte for byte as it was pushed
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and compared by digest only
public record StoredImage(Digest digest, Manifest manifest, byte[] content, Instant pushedAt) {}
