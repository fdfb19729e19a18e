package dev.feast.aws.runtime.http;

import java.util.Map;

/**
 * One HTTP request, wherever it came from.
 *
 * @param method in capitals, as HTTP has it
 * @param path decoded, without the query and without an API stage in front
 * @param headers by their names in lower case; values of the same name with commas between them
 * @param body as the client sent it: base64 of API Gateway is already undone
 * @param deadline when the caller stops waiting
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
public record Request(
    String method, String path, Map<String, String> headers, byte[] body, Deadline deadline) {

  /** What Lambda takes as an event, of which a body is a part: 6 MiB. */
  public static final int MAX_BODY_BYTES = 6 << 20;
}
