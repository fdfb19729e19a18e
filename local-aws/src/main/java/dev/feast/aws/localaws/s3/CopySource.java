package dev.feast.aws.localaws.s3;

import dev.feast.aws.localaws.http.Request;

/**
 * What CopyObject copies, as its header {@code x-amz-copy-source} has it: {@code [/]bucket/key},
 * percent-encoded.
 */
record CopySource(String bucket, String key) {
  static CopySource of(Request request) {
    String path = request.header("x-amz-copy-source").orElse("");
    String source = path.startsWith("/") ? path.substring(1) : path;
    String decoded = S3Service.decode(source);
    int slash = decoded.indexOf('/');
    if (slash < 1 || slash == decoded.length() - 1) {
      throw S3Errors.invalidArgument(
          "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
    }
    return new CopySource(decoded.substring(0, slash), decoded.substring(slash + 1));
  }
}
