package dev.feast.aws.localaws.sigv4;

import dev.feast.aws.localaws.http.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;

/** A request in the form that is signed. */
final class CanonicalRequest {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

  private CanonicalRequest() {}

  static String of(Request request, Authorization signed, String payloadHash) {
    return String.join(
        "\n",
        request.method(),
        path(request.rawPath(), signed.service()),
        query(request.rawQuery()),
        headers(request, signed),
        String.join(";", signed.signedHeaders()),
        payloadHash);
  }

  /**
   * S3 encodes the path once and leaves it as it is; all others encode it again, dots and double
   * slashes resolved.
   */
  private static String path(String rawPath, String service) {
    if (service.equals("s3")) {
      return encode(decode(rawPath), true);
    }
    var segments = new ArrayList<String>();
    for (String segment : rawPath.split("/", -1)) {
      if (segment.equals("..")) {
        if (!segments.isEmpty()) {
          segments.removeLast();
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    String normal = "/" + String.join("/", segments);
    return encode(
        (rawPath.endsWith("/") && !segments.isEmpty() ? normal + "/" : normal)
            .getBytes(StandardCharsets.UTF_8),
        true);
  }

  private static String query(String rawQuery) {
    var parameters = new ArrayList<String>();
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = encode(decode(equals < 0 ? pair : pair.substring(0, equals)), false);
      String value = equals < 0 ? "" : encode(decode(pair.substring(equals + 1)), false);
      if (!name.isEmpty() && !name.equals("X-Amz-Signature")) {
        // A tab sorts before every character of a name, as the end of the shorter one has to.
        parameters.add(name + "\t" + value);
      }
    }
    Collections.sort(parameters);
    return String.join("&", parameters).replace('\t', '=');
  }

  private static String headers(Request request, Authorization signed) {
    var headers = new StringBuilder();
    for (String name : signed.signedHeaders()) {
      String value =
          String.join(
              ",",
              request.headers().all(name).stream()
                  .map(one -> one.strip().replaceAll(" +", " "))
                  .toList());
      headers.append(name).append(':').append(value).append('\n');
    }
    return headers.toString();
  }

  /**
   * Percent-encoded to bytes; what is no valid encoding stays as it is, and so gives another
   * signature.
   */
  private static byte[] decode(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    var decoded = new ByteArrayOutputStream();
    for (int i = 0; i < encoded.length; i++) {
      int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
      int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], 16) : -1;
      if (encoded[i] == '%' && high >= 0 && low >= 0) {
        decoded.write(high << 4 | low);
        i += 2;
      } else {
        decoded.write(encoded[i]);
      }
    }
    return decoded.toByteArray();
  }

  private static String encode(byte[] bytes, boolean isPath) {
    var encoded = new StringBuilder();
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      if (UNRESERVED.indexOf(c) >= 0 || (isPath && c == '/')) {
        encoded.append(c);
      } else {
        encoded.append('%').append("%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }
}
