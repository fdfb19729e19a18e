package dev.feast.aws.operator.controller;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.localaws.LocalAws;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** Those who look features up over HTTP, each as who may or may not. */
final class Callers implements AutoCloseable {
  /** What the HTTP client sets itself, and refuses to be given. */
  private static final Set<String> SET_BY_THE_CLIENT = Set.of("host", "content-length");

  private static final AwsBasicCredentials ROOT = AwsBasicCredentials.create("test", "test");
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI issuer;

  Callers(LocalAws aws) {
    this.issuer = aws.endpoint().resolve("/_local/issuer");
  }

  /** Whom JWT authorizers have to trust. */
  URI issuer() {
    return issuer;
  }

  HttpResponse<String> asNobody(String endpoint) throws IOException, InterruptedException {
    return lookup(endpoint, Map.of());
  }

  HttpResponse<String> withKey(String endpoint, String key)
      throws IOException, InterruptedException {
    return lookup(endpoint, Map.of("x-api-key", key));
  }

  /** With a token of the issuer that has these claims, JSON. */
  HttpResponse<String> withToken(String endpoint, String claims)
      throws IOException, InterruptedException {
    return lookup(endpoint, Map.of("authorization", "Bearer " + token(claims)));
  }

  private String token(String claims) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(issuer + "/tokens"))
            .POST(BodyPublishers.ofString(claims))
            .build();
    return JSON.readTree(http.send(request, BodyHandlers.ofString()).body()).path("token").asText();
  }

  /** Signed with AWS credentials of the account. */
  HttpResponse<String> signed(String endpoint) throws IOException, InterruptedException {
    SdkHttpRequest request =
        SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(health(endpoint)).build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(ROOT)
                        .request(request)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "execute-api")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, TestWorld.REGION));
    var headers = new TreeMap<String, String>();
    signed.request().headers().forEach((name, values) -> headers.put(name, values.getFirst()));
    headers.keySet().removeIf(name -> SET_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT)));
    return lookup(endpoint, headers);
  }

  /** What a browser asks before a page of that origin may. */
  HttpResponse<String> preflight(String endpoint, String origin)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(health(endpoint))
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "GET")
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> lookup(String endpoint, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(health(endpoint)).GET();
    headers.forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static URI health(String endpoint) {
    return URI.create(endpoint + "/health");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
