package dev.feast.aws.localaws;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The real SDK's clients, as root of account 000000000000 in us-west-2 unless said otherwise;
 * errors are not retried.
 */
public final class Sdk implements AutoCloseable {
  private final URI endpoint;
  private final String region;
  private final AwsCredentials credentials;
  // Not the JDK's: it has no PATCH, which API Gateway's updates are.
  private final SdkHttpClient http = ApacheHttpClient.create();

  public Sdk(URI endpoint) {
    this(endpoint, "us-west-2", AwsBasicCredentials.create("test", "test"));
  }

  private Sdk(URI endpoint, String region, AwsCredentials credentials) {
    this.endpoint = endpoint;
    this.region = region;
    this.credentials = credentials;
  }

  /** The same, in another region. */
  public Sdk in(String region) {
    return new Sdk(endpoint, region, credentials);
  }

  /** The same, with other keys. */
  public Sdk as(AwsCredentials credentials) {
    return new Sdk(endpoint, region, credentials);
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

  public S3Client s3() {
    return configured(S3Client.builder().forcePathStyle(true));
  }

  public DynamoDbClient dynamoDb() {
    return configured(DynamoDbClient.builder());
  }

  public StsClient sts() {
    return configured(StsClient.builder());
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C configured(
      B builder) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
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
