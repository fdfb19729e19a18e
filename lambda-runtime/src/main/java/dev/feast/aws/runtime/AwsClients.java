package dev.feast.aws.runtime;

import dev.feast.aws.runtime.config.FeatureStoreConfig.OnlineStoreConfig;
import dev.feast.aws.runtime.store.DynamoDbOnlineStore;
import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The two AWS clients. Apache's HTTP client carries both: HttpURLConnection starts no faster, and
 * makes each request wait a millisecond for nothing (docs/performance.md).
 */
public final class AwsClients {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** One BatchGetItem takes milliseconds; after this another attempt is the better bet. */
  private static final Duration DYNAMODB_SOCKET_TIMEOUT = Duration.ofSeconds(3);

  /** For one attempt; what all of them may take is said with each call. */
  private static final Duration S3_SOCKET_TIMEOUT = Duration.ofSeconds(3);

  private AwsClients() {}

  static DynamoDbClient dynamoDb(OnlineStoreConfig store) {
    DynamoDbClientBuilder builder = DynamoDbClient.builder().region(Region.of(store.region()));
    if (store.endpointUrl() != null) {
      builder.endpointOverride(store.endpointUrl());
    }
    return dynamoDb(builder);
  }

  /**
   * Public for bench, whose floor reads with the client that the runtime reads with.
   *
   * @param builder with the place and the credentials
   */
  public static DynamoDbClient dynamoDb(DynamoDbClientBuilder builder) {
    return builder
        .httpClient(http(DYNAMODB_SOCKET_TIMEOUT))
        // The store tries again itself: it knows how much time is left.
        .overrideConfiguration(
            override ->
                override
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .apiCallAttemptTimeout(DynamoDbOnlineStore.LONGEST_ATTEMPT))
        .build();
  }

  static S3Client s3(Region region) {
    return s3(S3Client.builder().region(region));
  }

  /**
   * @param builder with the place and the credentials
   */
  static S3Client s3(S3ClientBuilder builder) {
    return builder
        .httpClient(http(S3_SOCKET_TIMEOUT))
        .overrideConfiguration(
            override ->
                override.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(2).build()))
        .build();
  }

  private static SdkHttpClient http(Duration socketTimeout) {
    return Apache5HttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(socketTimeout)
        .build();
  }
}
