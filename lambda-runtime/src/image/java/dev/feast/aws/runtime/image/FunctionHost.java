package dev.feast.aws.runtime.image;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lambda's side of the Runtime API for one function process: hands it events and takes its answers.
 *
 * <p>On plain sockets, because {@code bench} measures through it: it must not add what Lambda does
 * not (the JDK's HTTP server sends headers and body apart, which Nagle's algorithm can hold back
 * for 40 ms).
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a>
 */
public final class FunctionHost implements AutoCloseable {
  private static final String PREFIX = "/2018-06-01/runtime/";

  private static final class Event {
    private final String id = UUID.randomUUID().toString();
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private final byte[] payload;
    private final Instant deadline;

    private Event(byte[] payload, Instant deadline) {
      this.payload = payload;
      this.deadline = deadline;
    }
  }

  private static final class Request {
    private final String path;
    private final byte[] body;

    private Request(String path, byte[] body) {
      this.path = path;
      this.body = body;
    }
  }

  private final ServerSocket server;
  private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>();
  private final Map<String, Event> running = new ConcurrentHashMap<>();

  private FunctionHost(ServerSocket server) {
    this.server = server;
  }

  /** Listens on a free port of 127.0.0.1. */
  public static FunctionHost open() throws IOException {
    var host =
        new FunctionHost(
            new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
    Thread.ofVirtual().name("function-host").start(host::accept);
    return host;
  }

  /** What AWS_LAMBDA_RUNTIME_API is set to. */
  public String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /**
   * Hands the process an event; it gets it as soon as it asks for one.
   *
   * @return the answer; it fails with the function's own error when the process reports one
   */
  public CompletableFuture<byte[]> invoke(byte[] payload, Duration timeout) {
    var event = new Event(payload, Instant.now().plus(timeout));
    waiting.add(event);
    return event.answer;
  }

  /** As {@link #invoke}, waiting for the answer. */
  public byte[] call(byte[] payload, Duration timeout) throws IOException, InterruptedException {
    try {
      return invoke(payload, timeout).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the function did not answer within " + timeout, e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /** Fails what waits for an answer, once the process is known to be gone. */
  public void processEnded() {
    failAll(new IOException("the function's process ended"));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().name("function-host-connection").start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        answer(read(in), socket.getOutputStream());
      }
    } catch (EOFException | SocketException e) {
      // The process is done, or this host is.
    } catch (IOException e) {
      throw new IllegalStateException("the function speaks no Runtime API", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Request request, OutputStream out) throws IOException, InterruptedException {
    String path = request.path.startsWith(PREFIX) ? request.path.substring(PREFIX.length()) : "";
    if (path.equals("invocation/next")) {
      Event event = waiting.take();
      running.put(event.id, event);
      write(out, 200, eventHeaders(event), event.payload);
      return;
    }
    String[] parts = path.split("/", -1);
    Event event = parts.length == 3 ? running.remove(parts[1]) : null;
    if (event == null) {
      // An error of the init phase: every event that waits or comes fails with it.
      failAll(new IOException("the function failed to start: " + text(request.body)));
    } else if (parts[2].equals("response")) {
      event.answer.complete(request.body);
    } else {
      event.answer.completeExceptionally(
          new IOException("the function failed: " + text(request.body)));
    }
    write(
        out,
        202,
        Map.of("Content-Type", "application/json"),
        "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8));
  }

  private void failAll(IOException failure) {
    for (Event event = waiting.poll(); event != null; event = waiting.poll()) {
      event.answer.completeExceptionally(failure);
    }
    running.values().forEach(event -> event.answer.completeExceptionally(failure));
    running.clear();
  }

  private static Map<String, String> eventHeaders(Event event) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Lambda-Runtime-Aws-Request-Id", event.id);
    headers.put("Lambda-Runtime-Deadline-Ms", Long.toString(event.deadline.toEpochMilli()));
    headers.put(
        "Lambda-Runtime-Invoked-Function-Arn",
        "arn:aws:lambda:us-west-2:000000000000:function:feast-training");
    return headers;
  }

  private static Request read(InputStream in) throws IOException {
    String[] start = line(in).split(" ", 3);
    int length = 0;
    boolean chunked = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
      chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
    }
    if (start.length < 2 || chunked) {
      throw new IOException("expected a request with a Content-Length");
    }
    return new Request(start[1], in.readNBytes(length));
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Head and body in one packet. */
  private static void write(OutputStream out, int status, Map<String, String> headers, byte[] body)
      throws IOException {
    var head =
        new StringBuilder("HTTP/1.1 " + status + (status == 200 ? " OK" : " Accepted") + "\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    byte[] headBytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] message = new byte[headBytes.length + body.length];
    System.arraycopy(headBytes, 0, message, 0, headBytes.length);
    System.arraycopy(body, 0, message, headBytes.length, body.length);
    out.write(message);
    out.flush();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
