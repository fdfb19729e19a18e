/**
 * The HTTP server that everything in local-aws answers on, and its request and response as plain
 * values.
 *
 * <p>Underneath is Jetty, which DynamoDB Local brings anyway. The JDK's own server was weighed
 * first: it parses the request target with {@link java.net.URI} (refuses bytes that AWS accepts,
 * reads {@code //key} as a host), rewrites the case of header names, reads Nagle's switch from a
 * system property once per JVM, and sends 100-continue before anybody has looked at the request.
 * Jetty gives the raw target, asks for the body only when it is read, answers HEAD and chunked
 * bodies by the book, and lets a connection be cut.
 *
 * <p>A {@link dev.feast.aws.localaws.http.Handler} runs on a virtual thread of its own, so it may
 * block. Bodies stream both ways: {@link dev.feast.aws.localaws.http.Request#body()} is read from
 * the socket, a {@link dev.feast.aws.localaws.http.Body.Stream} is copied to it.
 */
@NullMarked
package dev.feast.aws.localaws.http;

import org.jspecify.annotations.NullMarked;
