package dev.feast.aws.localaws.dynamodb;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import com.amazonaws.services.dynamodbv2.local.shared.access.sqlite.SQLiteLibraryLoader;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * DynamoDB Local, running. It is put together from its own parts rather than by its command line's
 * main class: that one takes no free port, listens on all addresses, and sets up telemetry.
 */
final class DynamoDbLocal implements AutoCloseable {
  /** What its command line passes; says which of its exceptions are internal. */
  private static final int AUTHORITY_LEVEL = 0;

  private final Server server;
  private final LocalDynamoDBServerHandler handler;
  private final HttpClient client;
  private final URI uri;

  private DynamoDbLocal(
      Server server, LocalDynamoDBServerHandler handler, HttpClient client, URI uri) {
    this.server = server;
    this.handler = handler;
    this.client = client;
    this.uri = uri;
  }

  /** Starts it with the tables that lie in that folder. */
  static DynamoDbLocal start(Path folder) throws IOException {
    Files.createDirectories(folder);
    var threads = new QueuedThreadPool(32, 4);
    threads.setName("dynamodb");
    threads.setDaemon(true);
    var server = new Server(threads);
    var connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    LocalDynamoDBServerHandler handler;
    try {
      SQLiteLibraryLoader.initialize();
      handler =
          new LocalDynamoDBServerHandler(
              new LocalDynamoDBRequestHandler(
                  AUTHORITY_LEVEL, false, folder.toString(), false, false),
              null);
      server.setHandler(handler);
      server.start();
    } catch (Exception e) {
      throw new IOException("DynamoDB Local did not start: " + e.getMessage(), e);
    }
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    return new DynamoDbLocal(
        server, handler, client, URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/"));
  }

  /** Sends a request on; what comes back is DynamoDB's answer. */
  Response send(Headers headers, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.fields().forEach(field -> request.header(field.name(), field.value()));
    HttpResponse<byte[]> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while DynamoDB Local was answering", e);
    }
    Headers answered = Headers.NONE;
    for (var header : response.headers().map().entrySet()) {
      if (isEndToEnd(header.getKey())) {
        for (String value : header.getValue()) {
          answered = answered.plus(header.getKey(), value);
        }
      }
    }
    return new Response(response.statusCode(), answered, new Body.Bytes(response.body()));
  }

  private static boolean isEndToEnd(String header) {
    return switch (header.toLowerCase(java.util.Locale.ROOT)) {
      case "connection", "content-length", "date", "keep-alive", "server", "transfer-encoding" ->
          false;
      default -> true;
    };
  }

  @Override
  public void close() throws IOException {
    client.shutdownNow();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("DynamoDB Local did not stop", e);
    } finally {
      handler.close();
    }
  }
}
