package dev.feast.aws.bench.floor;

import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Request;
import dev.feast.aws.runtime.lambda.LambdaLoop;
import dev.feast.aws.runtime.lambda.RuntimeApi;
import dev.feast.aws.runtime.store.DynamoDbOnlineStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads the keys of a question and does nothing with them, behind the Runtime API as the runtime
 * is. {@code POST /ROWS/VIEWS} is answered with how long the reading alone took and how many items
 * there were, so that one process gives the floor with and without the Runtime API.
 */
public final class Floor implements Handler {
  private final BatchReader reader;
  private final Map<String, List<BatchReader.Prepared>> prepared = new HashMap<>();

  /** As many at once as the runtime, on threads that are there. */
  private final ExecutorService threads =
      Executors.newFixedThreadPool(DynamoDbOnlineStore.MAX_CONCURRENT_BATCHES);

  private Floor(BatchReader reader) {
    this.reader = reader;
  }

  /**
   * Serves until the Runtime API ends.
   *
   * @param args {@code sdk} or {@code socket}
   */
  public static void main(String[] args) throws IOException {
    // As the runtime does.
    System.setProperty(
        "http.maxConnections", Integer.toString(DynamoDbOnlineStore.MAX_CONCURRENT_BATCHES));
    BatchReader reader =
        args[0].equals("sdk")
            ? new SdkReader()
            : new SocketReader(
                URI.create(environment("AWS_ENDPOINT_URL")), environment("AWS_REGION"));
    new LambdaLoop(new RuntimeApi(environment("AWS_LAMBDA_RUNTIME_API")), new Floor(reader)).run();
  }

  @Override
  public Answer handle(Request request) {
    List<BatchReader.Prepared> batches =
        prepared.computeIfAbsent(request.path(), path -> prepare(path.split("/", -1)));
    long start = System.nanoTime();
    int items = read(batches);
    long nanos = System.nanoTime() - start;
    return Answer.ok(
        json -> {
          json.writeStartObject();
          json.writeNumberField("nanos", nanos);
          json.writeNumberField("items", items);
          json.writeEndObject();
        });
  }

  private List<BatchReader.Prepared> prepare(String[] rowsAndViews) {
    return Batch.of(Integer.parseInt(rowsAndViews[1]), Integer.parseInt(rowsAndViews[2])).stream()
        .map(reader::prepare)
        .toList();
  }

  private int read(List<BatchReader.Prepared> batches) {
    try {
      if (batches.size() == 1) {
        return batches.getFirst().read();
      }
      var reading = new ArrayList<Callable<Integer>>();
      batches.forEach(batch -> reading.add(batch::read));
      int items = 0;
      for (Future<Integer> read : threads.invokeAll(reading)) {
        items += read.get();
      }
      return items;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String environment(String name) {
    return Objects.requireNonNull(System.getenv(name), name);
  }
}
