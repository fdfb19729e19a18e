package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.spi.AwsError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Content on its way in: decoded, and checked against everything that the client says about it. */
final class Upload {
  private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-f]{64}");
  private static final Set<String> KEPT =
      Set.of(
          "content-type",
          "content-language",
          "content-disposition",
          "cache-control",
          "expires",
          "x-amz-website-redirect-location",
          "x-amz-storage-class");

  private final Headers headers;
  private final InputStream content;
  private final Supplier<Headers> trailers;
  private final Checksum md5 = Checksum.digest("MD5");
  private final @Nullable Checksum sha256;
  private final Map<Checksum.Kind, Checksum> checksums = new EnumMap<>(Checksum.Kind.class);
  private long size;
  private byte[] md5Value = new byte[0];

  private Upload(Headers headers, InputStream body, Supplier<Headers> trailers) {
    this.headers = headers;
    String payload = headers.first("x-amz-content-sha256").orElse("");
    this.content = body;
    this.trailers = trailers;
    this.sha256 = SHA256_HEX.matcher(payload).matches() ? Checksum.Kind.SHA256.start() : null;
    for (Headers.Field field : headers.fields()) {
      Checksum.Kind.ofHeader(
              field.name().equalsIgnoreCase("x-amz-trailer") ? field.value() : field.name())
          .ifPresent(kind -> checksums.put(kind, kind.start()));
    }
  }

  static Upload of(Request request) {
    return new Upload(request.headers(), request.body(), request::trailers);
  }

  /** Content that nothing is said about. */
  static Upload of(InputStream content) {
    return new Upload(Headers.NONE, content, () -> Headers.NONE);
  }

  /**
   * The whole of a document that a request carries.
   *
   * @throws AwsError as {@link #copyTo}
   */
  static byte[] document(Request request) throws IOException {
    var document = new ByteArrayOutputStream();
    of(request).copyTo(document);
    return document.toByteArray();
  }

  /** The headers among those of a request that an object keeps, names in lower case. */
  static Map<String, String> kept(Headers headers) {
    var kept = new TreeMap<String, String>();
    for (Headers.Field field : headers.fields()) {
      String name = field.name().toLowerCase(Locale.ROOT);
      if (KEPT.contains(name) || name.startsWith("x-amz-meta-")) {
        kept.merge(name, field.value(), (first, second) -> first + "," + second);
      }
    }
    headers
        .first("Content-Encoding")
        .flatMap(Upload::withoutAwsChunked)
        .ifPresent(encoding -> kept.put("content-encoding", encoding));
    return kept;
  }

  private static Optional<String> withoutAwsChunked(String encodings) {
    String rest =
        String.join(
            ",",
            java.util.Arrays.stream(encodings.split(","))
                .map(String::strip)
                .filter(encoding -> !encoding.isEmpty() && !encoding.equals("aws-chunked"))
                .toList());
    return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
  }

  /**
   * Reads it all.
   *
   * @return what the client asserted and was right about: {@code x-amz-checksum-*}
   * @throws AwsError when it is cut short, or a checksum is wrong
   */
  Map<String, String> copyTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[64 << 10];
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      out.write(buffer, 0, read);
      size += read;
      md5.update(buffer, 0, read);
      if (sha256 != null) {
        sha256.update(buffer, 0, read);
      }
      for (Checksum checksum : checksums.values()) {
        checksum.update(buffer, 0, read);
      }
    }
    return verify();
  }

  /** How many bytes of content there were. */
  long size() {
    return size;
  }

  /** The content's MD5 once it was read. */
  byte[] md5() {
    return md5Value;
  }

  private Map<String, String> verify() {
    md5Value = md5.value();
    Optional<String> length =
        headers.first("x-amz-decoded-content-length").or(() -> headers.first("Content-Length"));
    if (length.isPresent() && !length.get().equals(Long.toString(size))) {
      throw S3Errors.incompleteBody();
    }
    if (sha256 != null
        && !headers
            .first("x-amz-content-sha256")
            .orElse("")
            .equals(HexFormat.of().formatHex(sha256.value()))) {
      throw AwsError.of(
          400,
          "XAmzContentSHA256Mismatch",
          "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    Optional<String> contentMd5 = headers.first("Content-MD5");
    if (contentMd5.isPresent()
        && !contentMd5.get().equals(Base64.getEncoder().encodeToString(md5Value))) {
      throw AwsError.of(
          400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
    }
    return verifiedChecksums();
  }

  private Map<String, String> verifiedChecksums() {
    var verified = new TreeMap<String, String>();
    checksums.forEach(
        (kind, checksum) -> {
          String computed = checksum.base64();
          String asserted =
              headers
                  .first(kind.header())
                  .or(() -> trailers.get().first(kind.header()))
                  .orElse(computed);
          if (!asserted.equals(computed)) {
            throw AwsError.of(
                400,
                "BadDigest",
                "The " + kind + " you specified did not match the calculated checksum.");
          }
          verified.put(kind.header(), computed);
        });
    return verified;
  }
}
