package dev.feast.aws.localaws;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The real SDK's clients, as root of account 000000000000 in us-west-2; errors are not retried. */
public final class Sdk implements AutoCloseable {
  private final URI endpoint;
  private final SdkHttpClient http = UrlConnectionHttpClient.create();

  public Sdk(URI endpoint) {
    this.endpoint = endpoint;
  }

  public EcrClient ecr() {
    return configured(EcrClient.builder());
  }

  public LambdaClient lambda() {
    return configured(LambdaClient.builder());
  }

  public ApiGatewayV2Client apiGateway() {
    return configured(ApiGatewayV2Client.builder());
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C configured(
      B builder) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.US_WEST_2)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .overrideConfiguration(
            c -> c.retryStrategy(r -> r.maxAttempts(1)).defaultProfileName("none"))
        .httpClient(http)
        .build();
  }

  @Override
  public void close() {
    http.close();
  }
}
