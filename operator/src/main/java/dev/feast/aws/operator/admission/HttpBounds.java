package dev.feast.aws.operator.admission;

/**
 * What the JDK's HTTP server takes from a client before it ends the connection. It has no other way
 * to be told than by properties of the JVM, read once, when the first server of the process is
 * made.
 */
public final class HttpBounds {
  /** Seconds for a whole request, TLS handshake included. */
  private static final int REQUEST = 10;

  /** Seconds for an answer, from the end of the request until the client has all of it. */
  private static final int RESPONSE = 30;

  /** Connections of each server: API servers, kubelet and Prometheus need a handful. */
  private static final int CONNECTIONS = 200;

  private HttpBounds() {}

  /** Sets them for all servers that this process starts. */
  public static void set() {
    System.setProperty("sun.net.httpserver.maxReqTime", "" + REQUEST);
    System.setProperty("sun.net.httpserver.maxRspTime", "" + RESPONSE);
    System.setProperty("jdk.httpserver.maxConnections", "" + CONNECTIONS);
  }
}
