package dev.feast.aws.localaws.http;

/** What becomes of a request: a response, or a connection that ends without one. */
public sealed interface Reply permits Response, Reply.Cut {
  /** Resets the connection; the client sees what it sees when a server dies in the middle. */
  record Cut() implements Reply {}
}
