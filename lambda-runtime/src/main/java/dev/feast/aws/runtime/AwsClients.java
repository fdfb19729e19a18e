package dev.feast.aws.runtime;

import dev.feast.aws.runtime.config.FeatureStoreConfig.OnlineStoreConfig;
import dev.feast.aws.runtime.store.DynamoDbOnlineStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
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

  /** At the most before the second attempt, and before that of a call that S3 throttled. */
  private static final Duration S3_PAUSE = Duration.ofMillis(100);

  private static final Duration S3_PAUSE_WHEN_THROTTLED = Duration.ofSeconds(1);

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
        .httpClientBuilder(http(DYNAMODB_SOCKET_TIMEOUT))
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
    var random = new SecureRandom();
    return builder
        .httpClientBuilder(http(S3_SOCKET_TIMEOUT))
        .overrideConfiguration(
            override ->
                override.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(2)
                        .backoffStrategy(upTo(S3_PAUSE, random))
                        .throttlingBackoffStrategy(upTo(S3_PAUSE_WHEN_THROTTLED, random))
                        .build()))
        .build();
  }

  /** The SDK's own jitter goes on alike in all clones of a snapshot. */
  private static BackoffStrategy upTo(Duration most, RandomGenerator random) {
    return attempt -> Duration.ofMillis(random.nextLong(most.toMillis() + 1));
  }

  /** A builder, for only what a client built itself does it close: the connections of its own. */
  private static SdkHttpClient.Builder<?> http(Duration socketTimeout) {
    return Apache5HttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(socketTimeout);
  }
}
