package dev.feast.aws.operator.aws;

import static dev.feast.aws.operator.aws.AwsErrors.translating;

import dev.feast.aws.operator.metrics.Recorder;
import dev.feast.aws.operator.model.Location;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsClient;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** {@link AwsRegions} over SDK clients, made once for each region and role and kept. */
public final class SdkRegions implements AwsRegions, AutoCloseable {

  /** What is the same for all clients: where AWS is and with which credentials. */
  public interface Customization {
    void apply(AwsClientBuilder<?, ?> builder);
  }

  private static final int CONNECTIONS = 128;
  private static final int READ_ATTEMPTS = 3;

  /**
   * How long the account is taken for the one it was: credentials that are rotated into another
   * account may not build there what the status has in the first one.
   */
  private static final Duration IDENTITY_KEPT = Duration.ofMinutes(1);

  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);

  /** Longer than the longest invoke: the call's own timeout decides. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(100);

  private final RateLimits limits;
  private final Customization customization;
  private final Duration identityKept;
  private final InstantSource clock;
  private final Recorder recorder;
  private final CallMeter callMeter;
  private final ThrottleMeter throttleMeter;
  private final SdkHttpClient http;
  private final RateLimiter sts;
  private final Map<Place, Slot> slots = new ConcurrentHashMap<>();
  private final Map<AccountRegion, RateLimiter.Services> limiters = new ConcurrentHashMap<>();

  /** With the SDK's default chain for region, credentials and endpoints. */
  public SdkRegions(RateLimits limits, Recorder recorder) {
    this(limits, builder -> {}, IDENTITY_KEPT, InstantSource.system(), recorder);
  }

  /**
   * @param identityKept how long after it was asked for the credentials' account is asked for again
   */
  public SdkRegions(
      RateLimits limits,
      Customization customization,
      Duration identityKept,
      InstantSource clock,
      Recorder recorder) {
    this.limits = limits;
    this.identityKept = identityKept;
    this.clock = clock;
    this.customization = customization;
    this.recorder = recorder;
    this.callMeter = new CallMeter(recorder);
    this.throttleMeter = new ThrottleMeter(recorder);
    this.sts = RateLimiter.of(limits.sts(), InstantSource.system(), recorder);
    this.http =
        ApacheHttpClient.builder()
            .maxConnections(CONNECTIONS)
            .connectionAcquisitionTimeout(CALL_TIMEOUT)
            .socketTimeout(SOCKET_TIMEOUT)
            .build();
  }

  @Override
  public AwsRegion in(String region, @Nullable AssumedRole role) {
    return slots.computeIfAbsent(new Place(region, role), Slot::new).get();
  }

  @Override
  public void close() {
    slots.values().forEach(Slot::close);
    http.close();
  }

  private final class Made {
    private final AwsRegion region;
    private final Instant freshUntil;

    Made(AwsRegion region, Instant freshUntil) {
      this.region = region;
      this.freshUntil = freshUntil;
    }

    AwsRegion region() {
      return region;
    }

    boolean isFresh() {
      return clock.instant().isBefore(freshUntil);
    }
  }

  private record Place(String region, @Nullable AssumedRole role) {}

  private record AccountRegion(String account, String region) {}

  /**
   * The clients of one region and role; made at first use, again when that failed or when the
   * credentials became another account's, and only once when many ask together. Those of a former
   * account stay open: passes that are under way use them.
   */
  private final class Slot {
    private final String region;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<AwsClient> clients = new ArrayList<>();
    private final @Nullable RoleCredentials role;
    private volatile @Nullable Made made;

    Slot(Place place) {
      this.region = place.region();
      this.role = place.role() == null ? null : new RoleCredentials(place.role());
    }

    AwsRegion get() {
      Made present = made;
      if (present != null && present.isFresh()) {
        return present.region();
      }
      lock.lock();
      try {
        present = made;
        if (present == null || !present.isFresh()) {
          Location found = locate();
          AwsRegion former = present == null ? null : present.region();
          present =
              new Made(
                  former != null && former.location().equals(found) ? former : make(found),
                  clock.instant().plus(identityKept));
          made = present;
        }
        return present.region();
      } finally {
        lock.unlock();
      }
    }

    void close() {
      clients.forEach(AwsClient::close);
      if (role != null) {
        role.close();
      }
    }

    private Location locate() {
      if (role != null) {
        role.resolve();
      }
      try (StsClient client = client(StsClient.builder(), reading(), sts)) {
        var caller = translating("sts:GetCallerIdentity in " + region, client::getCallerIdentity);
        return new Location(
            caller.arn().split(":", 3)[1],
            Region.AWS_GLOBAL.metadata().partition().dnsSuffix(),
            caller.account(),
            region);
      }
    }

    private AwsRegion make(Location location) {
      RateLimiter.Services limit =
          limiters.computeIfAbsent(
              new AccountRegion(location.account(), region),
              key -> RateLimiter.Services.of(limits, InstantSource.system(), recorder));
      return new AwsRegion(
          location,
          new SdkLambda(
              keep(client(LambdaClient.builder(), reading(), limit.lambda())),
              keep(client(LambdaClient.builder(), once(), limit.lambda()))),
          new SdkApiGateway(
              keep(client(ApiGatewayV2Client.builder(), reading(), limit.apiGateway())),
              keep(client(ApiGatewayV2Client.builder(), once(), limit.apiGateway()))),
          new SdkEcr(
              keep(client(EcrClient.builder(), reading(), limit.ecr())),
              keep(client(EcrClient.builder(), once(), limit.ecr())),
              InstantSource.system()),
          new SdkLogs(
              keep(client(CloudWatchLogsClient.builder(), reading(), limit.logs())),
              keep(client(CloudWatchLogsClient.builder(), once(), limit.logs()))));
    }

    private <C extends AwsClient> C keep(C client) {
      clients.add(client);
      return client;
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
        B builder, RetryStrategy retries, RateLimiter limiter) {
      return client(builder, retries, limiter, role == null ? null : role.keys());
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
        B builder,
        RetryStrategy retries,
        RateLimiter limiter,
        @Nullable AwsCredentialsProvider credentials) {
      builder
          .region(Region.of(region))
          .httpClient(http)
          .overrideConfiguration(
              o ->
                  o.retryStrategy(retries)
                      .apiCallTimeout(CALL_TIMEOUT)
                      .executionInterceptors(List.of(limiter, callMeter))
                      .addMetricPublisher(throttleMeter));
      customization.apply(builder);
      if (credentials != null) {
        builder.credentialsProvider(credentials);
      }
      return builder.build();
    }

    /** The role's keys, got with the operator's own and again before they expire. */
    private final class RoleCredentials {
      private final AssumedRole assumed;
      private final StsClient client;
      private final StsAssumeRoleCredentialsProvider keys;

      RoleCredentials(AssumedRole assumed) {
        this.assumed = assumed;
        this.client = client(StsClient.builder(), reading(), sts, null);
        this.keys =
            StsAssumeRoleCredentialsProvider.builder()
                .stsClient(client)
                .refreshRequest(
                    r ->
                        r.roleArn(assumed.arn())
                            .externalId(assumed.externalId())
                            .roleSessionName(assumed.sessionName()))
                .build();
      }

      AwsCredentialsProvider keys() {
        return keys;
      }

      /** So that what keeps the role from being assumed is told of this call. */
      void resolve() {
        translating(
            "sts:AssumeRole of %s with external id %s"
                .formatted(assumed.arn(), assumed.externalId()),
            keys::resolveCredentials);
      }

      void close() {
        keys.close();
        client.close();
      }
    }
  }

  private static RetryStrategy reading() {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(READ_ATTEMPTS).build();
  }

  private static RetryStrategy once() {
    return DefaultRetryStrategy.doNotRetry();
  }
}
