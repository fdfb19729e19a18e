import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Looks features up with nothing but the JDK, and prints the answer: {@code java Lookup.java
 * ENDPOINT}, with the key in {@code API_KEY} where one is asked for. A service keeps the client: it
 * keeps connections.
 */
final class Lookup {
  private static final String REQUEST =
      """
      {"features": ["driver_hourly_stats:conv_rate", "driver_hourly_stats:acc_rate"],
       "entities": {"driver_id": [1001, 1002]}}
      """;

  private Lookup() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length != 1) {
      System.err.println("usage: [API_KEY=...] java Lookup.java ENDPOINT");
      System.exit(2);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(arguments[0] + "/get-online-features"))
            .header("Content-Type", "application/json")
            // A cold start takes a second or two; API Gateway itself gives up after 30.
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString(REQUEST));
    String key = System.getenv("API_KEY");
    if (key != null) {
      request.header("x-api-key", key);
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      System.err.println(answer.statusCode() + ": " + answer.body());
      System.exit(1);
    }
    System.out.println(answer.body());
  }
}
