package dev.feast.aws.operator.image;

/**
 * What a manifest or index says of one of its parts.
 *
 * @param digest {@code sha256:...}
 * @param size in bytes
 */
record Descriptor(String mediaType, String digest, long size) {}
