package dev.feast.aws.operator.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Health;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code GET /health} of endpoints, over one client that is kept. */
public final class HttpEndpointProbe implements EndpointProbe {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than a cold start, shorter than API Gateway's own 30 s. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** More than the runtime says of its health. */
  private static final int LONGEST_BODY = 64 << 10;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Duration answer;
  private final HttpClient http;

  public HttpEndpointProbe() {
    this(CONNECT, ANSWER);
  }

  /**
   * @param connect the longest wait for a connection
   * @param answer the longest wait for all of an answer, its connection included
   */
  HttpEndpointProbe(Duration connect, Duration answer) {
    this.answer = answer;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connect)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(threads)
            .build();
  }

  @Override
  public EndpointAnswer ask(String endpoint, DesiredStack desired) {
    URI health = URI.create(endpoint + ProbeEvent.HEALTH.path());
    CompletableFuture<HttpResponse<byte[]>> asked =
        http.sendAsync(
            request(health, desired.access()),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_BODY));
    try {
      HttpResponse<byte[]> response = asked.get(answer.toMillis(), TimeUnit.MILLISECONDS);
      return read(health, response, desired);
    } catch (TimeoutException e) {
      asked.cancel(true);
      return unreachable(health, "no answer came within %d s".formatted(answer.toSeconds()));
    } catch (ExecutionException e) {
      return unreachable(health, why(e));
    } catch (InterruptedException e) {
      asked.cancel(true);
      Thread.currentThread().interrupt();
      return unreachable(health, "the operator is stopping");
    }
  }

  private static HttpRequest request(URI health, Access access) {
    var request =
        HttpRequest.newBuilder(health)
            .header("accept", "application/json")
            .header("user-agent", ProbeEvent.AGENT);
    switch (access) {
      case Access.Open _, Access.ByIam _, Access.ByJwt _ -> {}
      case Access.ByApiKey byApiKey ->
          request.header(ProbeEvent.KEY_HEADER, byApiKey.keys().getFirst().value());
    }
    return request.GET().build();
  }

  private static EndpointAnswer read(
      URI health, HttpResponse<byte[]> response, DesiredStack desired) {
    String message = "GET %s answered %d".formatted(health, response.statusCode());
    return switch (response.statusCode()) {
      case 200 -> {
        Health said = health(response.body(), desired);
        yield new EndpointAnswer.Available(
            message + (said == null ? "." : ", Feast's registry is %s.".formatted(said.state())),
            said,
            true);
      }
      // At the limit that the stage or the account gives: others are served.
      case 429 -> new EndpointAnswer.Available(message + ": it is throttled.", null, false);
      case 401, 403 ->
          answersTheOperator(desired.access())
              ? new EndpointAnswer.Wrong(message + ", though it was asked as callers may ask.")
              : new EndpointAnswer.Available(
                  message + ", as it does to those who may not ask, such as the operator.",
                  null,
                  false);
      default -> new EndpointAnswer.Wrong(message + ".");
    };
  }

  /** Whether the operator itself may ask, be it with a key that it knows. */
  private static boolean answersTheOperator(Access access) {
    return switch (access) {
      case Access.Open _, Access.ByApiKey _ -> true;
      case Access.ByIam _, Access.ByJwt _ -> false; // It neither signs nor has a token.
    };
  }

  private static @Nullable Health health(byte[] body, DesiredStack desired) {
    try {
      return ProbeAnswer.health(JSON.readTree(new String(body, StandardCharsets.UTF_8)))
          .map(said -> Shown.health(desired, said))
          .orElse(null);
    } catch (JsonProcessingException e) {
      return null; // An image of the user's own, which nobody probed.
    }
  }

  private static EndpointAnswer unreachable(URI health, String why) {
    return new EndpointAnswer.Unreachable("GET %s was not answered: %s".formatted(health, why));
  }

  /** The JDK's exceptions for connections have often no message, or only their cause has one. */
  private static String why(ExecutionException failure) {
    Throwable first = failure.getCause() == null ? failure : failure.getCause();
    for (Throwable cause = first; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "its name is not known";
      }
      if (cause.getMessage() != null) {
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
      }
    }
    return first.getClass().getSimpleName();
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}
