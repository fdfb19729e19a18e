package dev.feast.aws.localaws.http;

/**
 * A response. For HEAD the server sends the body's length and not the body. Content-Length is the
 * server's to set; Content-Type is part of {@code headers}.
 */
public record Response(int status, Headers headers, Body body) implements Reply {
  /** A response without a body. */
  public static Response of(int status, String... headerNamesAndValues) {
    return new Response(status, Headers.of(headerNamesAndValues), Body.NONE);
  }

  public static Response json(int status, String json) {
    return new Response(status, Headers.of("Content-Type", "application/json"), Body.text(json));
  }

  public static Response json(int status, byte[] json) {
    return new Response(
        status, Headers.of("Content-Type", "application/json"), new Body.Bytes(json));
  }

  /** This, with nothing but {@code value} under that header name. */
  public Response with(String name, String value) {
    return new Response(status, headers.with(name, value), body);
  }
}
