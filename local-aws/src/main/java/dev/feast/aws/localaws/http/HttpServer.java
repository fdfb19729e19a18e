package dev.feast.aws.localaws.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP/1.1 server on 127.0.0.1. Several can run in one JVM, each on a port of its own. */
public final class HttpServer implements AutoCloseable {
  /**
   * A body that nobody read is read to its end, so that the client gets the answer and not a reset.
   */
  private static final long MAX_DRAINED_BYTES = 256L << 20;

  private static final int MAX_HEADER_BYTES = 64 << 10;
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private final Server server;
  private final ServerConnector connector;

  private HttpServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Listens on that port of 127.0.0.1; 0 takes a free one.
   *
   * @throws BindException when the port is taken
   */
  public static HttpServer start(int port, Handler handler) throws IOException {
    var threads = new QueuedThreadPool(32, 4);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var server = new Server(threads);
    server.setStopTimeout(0);

    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setResponseHeaderSize(MAX_HEADER_BYTES);
    // Object keys may hold any byte, dots and double slashes included: the path is never
    // interpreted as a file's.
    http.setUriCompliance(UriCompliance.UNSAFE);
    // Else common values come back in Jetty's spelling (charset=utf-8), and their signature is
    // wrong.
    http.setHeaderCacheCaseSensitive(true);
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    connector.setAcceptQueueSize(512);
    // A Runtime API poll waits for as long as nobody invokes; idle clients close their connections
    // themselves.
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.setHandler(new JettyHandler(handler));
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      if (e.getCause() instanceof BindException) {
        throw new BindException("Port " + port + " of 127.0.0.1 is in use");
      }
      throw e instanceof IOException io ? io : new IOException(e);
    }
    return new HttpServer(server, connector);
  }

  public int port() {
    return connector.getLocalPort();
  }

  /** {@code http://127.0.0.1:<port>}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** Stops listening and closes all connections. */
  @Override
  public void close() {
    stop(server);
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("The HTTP server did not stop cleanly", e);
    }
  }

  private static final class JettyHandler extends org.eclipse.jetty.server.Handler.Abstract {
    private final Handler handler;

    JettyHandler(Handler handler) {
      this.handler = handler;
    }

    @Override
    public boolean handle(
        org.eclipse.jetty.server.Request in,
        org.eclipse.jetty.server.Response out,
        Callback callback) {
      try {
        InputStream socket = Content.Source.asInputStream(in);
        switch (answer(request(in, socket))) {
          case Reply.Cut() ->
              cut(in.getConnectionMetaData().getConnection().getEndPoint(), callback);
          case Response response -> send(in, socket, out, response, callback);
        }
      } catch (IOException | UncheckedIOException e) {
        // The client went away while its body was read or its answer was written.
        LOG.debug("{} {} ended early", in.getMethod(), in.getHttpURI().getPath(), e);
        callback.failed(e);
      }
      return true;
    }

    private Reply answer(Request request) throws IOException {
      try {
        return handler.handle(request);
      } catch (RuntimeException e) {
        LOG.error("{} {} failed", request.method(), request.rawPath(), e);
        return Response.of(HttpStatus.INTERNAL_SERVER_ERROR_500);
      }
    }

    private static Request request(org.eclipse.jetty.server.Request in, InputStream socket) {
      var fields = new ArrayList<Headers.Field>(in.getHeaders().size());
      in.getHeaders()
          .forEach(f -> fields.add(new Headers.Field(f.getName(), orEmpty(f.getValue()))));
      return new Request(
          in.getMethod(),
          orEmpty(in.getHttpURI().getPath()),
          orEmpty(in.getHttpURI().getQuery()),
          new Headers(fields),
          org.eclipse.jetty.server.Request.getRemoteAddr(in),
          socket);
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
      return text == null ? "" : text;
    }

    private static void drain(org.eclipse.jetty.server.Request in, InputStream socket)
        throws IOException {
      // With Expect: 100-continue an unread body was never sent; reading would ask for it.
      if (!in.getHeaders().contains(HttpHeader.EXPECT)) {
        socket.skip(MAX_DRAINED_BYTES);
      }
    }

    private static void send(
        org.eclipse.jetty.server.Request in,
        InputStream unread,
        org.eclipse.jetty.server.Response out,
        Response response,
        Callback callback)
        throws IOException {
      out.setStatus(response.status());
      response.headers().fields().forEach(f -> out.getHeaders().add(f.name(), f.value()));
      try (Body body = response.body()) {
        boolean bodiless =
            response.status() == HttpStatus.NO_CONTENT_204
                || response.status() == HttpStatus.NOT_MODIFIED_304;
        if (body.length() >= 0 && !bodiless) {
          out.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length());
        }
        if (bodiless || in.getMethod().equals("HEAD")) {
          drain(in, unread);
          out.write(true, BufferUtil.EMPTY_BUFFER, callback);
          return;
        }
        switch (body) {
          case Body.Bytes(byte[] bytes) -> {
            drain(in, unread);
            out.write(true, ByteBuffer.wrap(bytes), callback);
          }
          case Body.Stream(InputStream stream, long length) -> {
            try (OutputStream socket = Content.Sink.asOutputStream(out)) {
              stream.transferTo(socket);
            }
            drain(in, unread); // not earlier: what is sent may have been the request's own body
            callback.succeeded();
          }
        }
      }
    }

    /** Closes with a reset, so that nothing that was buffered arrives. */
    private static void cut(EndPoint connection, Callback callback) {
      if (connection.getTransport() instanceof SocketChannel channel) {
        try {
          channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
          LOG.debug("Closed before it was cut", e);
        }
      }
      connection.close();
      callback.failed(new EofException("cut on purpose")); // of a kind that Jetty does not warn of
    }
  }
}
