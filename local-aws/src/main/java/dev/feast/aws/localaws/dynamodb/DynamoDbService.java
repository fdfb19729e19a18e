package dev.feast.aws.localaws.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Permissions;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB: names the operation, puts the account in the key's place, and lets DynamoDB Local
 * answer.
 */
public final class DynamoDbService implements Service, AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** What begins with these changes nothing. */
  private static final Set<String> READS =
      Set.of("Get", "BatchGet", "TransactGet", "Query", "Scan", "List", "Describe");

  private final Path folder;
  private final BooleanSupplier leavesUnprocessed;
  private final AtomicReference<@Nullable CompletableFuture<DynamoDbLocal>> local =
      new AtomicReference<>();

  /**
   * Nothing is started before the first call: that takes about a second, and not all need it.
   *
   * @param leavesUnprocessed whether the BatchGetItem that comes now is to be answered in part
   */
  public DynamoDbService(Path folder, BooleanSupplier leavesUnprocessed) {
    this.folder = folder;
    this.leavesUnprocessed = leavesUnprocessed;
  }

  /** Starts DynamoDB Local if nobody has yet; returns when it answers. */
  public void start() throws IOException {
    started();
  }

  @Override
  public String name() {
    return "dynamodb";
  }

  @Override
  public WireErrors errors() {
    return JsonErrors.DYNAMODB;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    String target = request.header("X-Amz-Target").orElse("");
    int dot = target.indexOf('.');
    if (dot < 0 || !request.method().equals("POST")) {
      throw errors().unknownOperation(request);
    }
    String name = target.substring(dot + 1);
    boolean mutating = READS.stream().noneMatch(name::startsWith);
    return new Operation(
        name,
        mutating,
        () -> new Permissions(caller, DynamoDbPermissions.of(name, request.bytes(), caller)),
        () -> {
          byte[] json = request.bytes();
          PartialBatch partial =
              name.equals("BatchGetItem") && leavesUnprocessed.getAsBoolean()
                  ? PartialBatch.of(json)
                  : null;
          Response response =
              call(
                  target,
                  caller.accountId(),
                  caller.region(),
                  request.header("Content-Type").orElse("application/x-amz-json-1.0"),
                  partial == null ? json : partial.read().toString().getBytes(UTF_8));
          if (response.headers().first("x-amzn-ErrorType").orElse("").equals("InvalidAction")) {
            throw errors().unknownOperation(request); // DynamoDB's own word for it
          }
          return partial == null ? response : partial.withUnprocessed(response);
        });
  }

  /**
   * Calls an operation past dispatch.
   *
   * @param target {@code DynamoDB_20120810.<operation>}
   */
  public Response call(
      String target, String account, String region, String contentType, byte[] json)
      throws IOException {
    Headers headers =
        Headers.of(
            "Content-Type",
            contentType,
            "X-Amz-Target",
            target,
            // DynamoDB Local reads key and region from here and checks nothing.
            "Authorization",
            "AWS4-HMAC-SHA256 Credential="
                + account
                + "/20260101/"
                + region
                + "/dynamodb/aws4_request, SignedHeaders=host, Signature=0");
    return withErrorType(started().send(headers, json));
  }

  /** Puts an error's code where dispatch looks for it. */
  private static Response withErrorType(Response response) throws IOException {
    if (response.status() < 400 || !(response.body() instanceof Body.Bytes(byte[] json))) {
      return response;
    }
    String type;
    try {
      type = JSON.readTree(json).path("__type").asText();
    } catch (JsonProcessingException e) {
      throw new IOException("DynamoDB Local failed: " + new String(json, UTF_8), e);
    }
    return response.with("x-amzn-ErrorType", type.substring(type.indexOf('#') + 1));
  }

  private DynamoDbLocal started() throws IOException {
    var mine = new CompletableFuture<DynamoDbLocal>();
    CompletableFuture<DynamoDbLocal> first = local.compareAndExchange(null, mine);
    if (first == null) {
      try {
        mine.complete(DynamoDbLocal.start(folder));
      } catch (IOException | RuntimeException e) {
        mine.completeExceptionally(e);
      }
      first = mine;
    }
    try {
      return first.join();
    } catch (CompletionException e) {
      throw new IOException("DynamoDB Local did not start", e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    CompletableFuture<DynamoDbLocal> begun = local.get();
    if (begun != null && begun.handle((db, e) -> e == null).join()) {
      begun.join().close();
    }
  }
}
