package dev.feast.aws.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes connections on, and knows how many there are. */
final class TestProxy implements AutoCloseable {

  private final ServerSocket server;
  private final URI target;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();

  TestProxy(URI target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Connections that the client has open now. */
  int open() {
    return open.get();
  }

  /** Connections that were made so far. */
  int opened() {
    return opened.get();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = server.accept();
        open.incrementAndGet();
        opened.incrementAndGet();
        Thread.ofVirtual().start(() -> pass(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void pass(Socket client) {
    try (client;
        var service = new Socket(target.getHost(), target.getPort())) {
      Thread.ofVirtual().start(() -> copy(service, client));
      client.getInputStream().transferTo(service.getOutputStream());
    } catch (IOException e) {
      // One of the two has ended it.
    } finally {
      open.decrementAndGet();
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of the two has ended it.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
