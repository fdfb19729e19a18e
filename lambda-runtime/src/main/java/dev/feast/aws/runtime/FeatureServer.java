package dev.feast.aws.runtime;

import dev.feast.aws.runtime.config.ApiKeys;
import dev.feast.aws.runtime.config.ConfigException;
import dev.feast.aws.runtime.config.FeatureStoreConfig;
import dev.feast.aws.runtime.config.FeatureStoreConfig.OnlineStoreConfig;
import dev.feast.aws.runtime.config.FeatureStoreConfig.RegistryLocation;
import dev.feast.aws.runtime.config.FeatureStoreYaml;
import dev.feast.aws.runtime.config.ServingConfig;
import dev.feast.aws.runtime.entitykey.EntityKeyVersions;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Authorization;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Request;
import dev.feast.aws.runtime.http.Routes;
import dev.feast.aws.runtime.http.Routes.Route;
import dev.feast.aws.runtime.lookup.AnswerFormat;
import dev.feast.aws.runtime.lookup.ColumnsFormat;
import dev.feast.aws.runtime.lookup.Lookup;
import dev.feast.aws.runtime.lookup.RowsFormat;
import dev.feast.aws.runtime.registry.RegistryCache;
import dev.feast.aws.runtime.registry.S3RegistryObject;
import dev.feast.aws.runtime.store.DynamoDbOnlineStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The feature server of one feature_store.yaml, put together; the same in Lambda and on a port. */
public final class FeatureServer implements Handler, AutoCloseable {

  /** Of Lambda's 10 s of initialization, before which the JVM has to start as well. */
  private static final Duration START = Duration.ofSeconds(4);

  private final Supplier<DynamoDbClient> dynamoDbClients;
  private final S3RegistryObject registryObject;
  private final RegistryCache registries;
  private final WarmUp warmUp;
  private final Handler handler;
  private volatile DynamoDbClient dynamoDb;

  /**
   * @param yaml feature_store.yaml
   * @param environment all other settings, and where the AWS region and credentials come from
   */
  static FeatureServer of(String yaml, Map<String, String> environment) throws ConfigException {
    FeatureStoreConfig config = FeatureStoreYaml.parse(yaml, environment);
    ServingConfig serving = ServingConfig.of(environment);
    ApiKeys apiKeys = ApiKeys.of(environment).orElse(null);
    OnlineStoreConfig store = config.onlineStore();
    return new FeatureServer(
        config,
        serving,
        apiKeys,
        () -> AwsClients.dynamoDb(store),
        new S3RegistryObject(
            AwsClients::s3,
            // Where the function runs is most likely where the bucket is.
            Region.of(environment.getOrDefault("AWS_REGION", store.region())),
            config.registry().bucket(),
            config.registry().key()));
  }

  /**
   * Takes the clients over: they are closed with it.
   *
   * @param apiKeys null where everybody may ask
   * @param dynamoDbClients makes a client
   * @param registryObject where the registry lies
   */
  FeatureServer(
      FeatureStoreConfig config,
      ServingConfig serving,
      @Nullable ApiKeys apiKeys,
      Supplier<DynamoDbClient> dynamoDbClients,
      S3RegistryObject registryObject) {
    OnlineStoreConfig store = config.onlineStore();
    RegistryLocation registry = config.registry();
    this.dynamoDbClients = dynamoDbClients;
    this.dynamoDb = dynamoDbClients.get();
    this.registryObject = registryObject;
    this.registries =
        new RegistryCache(
            registryObject,
            config.project(),
            registry.versioning(),
            registry.cacheTtl(),
            Clock.systemUTC());
    var onlineStore =
        new DynamoDbOnlineStore(() -> dynamoDb, store.batchSize(), store.consistentReads());
    var lookup =
        new Lookup(
            registries,
            onlineStore,
            store.tableNames(),
            new EntityKeyVersions(config.entityKeyVersion(), Clock.systemUTC()),
            serving,
            Clock.systemUTC());
    var routes =
        new Routes(
            Map.of(
                "/get-online-features", new Route("POST", lookup.in(format(serving))),
                "/v2/get-online-features", new Route("POST", lookup.in(new ColumnsFormat())),
                "/health", new Route("GET", new HealthCheck(config.project(), registries))));
    this.warmUp = new WarmUp(routes, registries, onlineStore, store.tableNames());
    this.handler = apiKeys == null ? routes : new Authorization(apiKeys, routes);
  }

  private static AnswerFormat format(ServingConfig serving) {
    return switch (serving.responseFormat()) {
      case FIELD_VALUES -> new RowsFormat();
      case RESULTS -> new ColumnsFormat();
    };
  }

  /** Reads the registry, so that the first request finds it; a missing one is no reason to fail. */
  public void start() {
    registries.current(Deadline.in(START));
  }

  /**
   * Makes ready for a snapshot from which many processes will go on: all that a request needs is
   * loaded, and neither a connection nor credentials are left, for both may long be void by then.
   */
  void beforeSnapshot() {
    warmUp.run(Deadline.in(START));
    DynamoDbClient before = dynamoDb;
    dynamoDb = dynamoDbClients.get();
    before.close();
    registryObject.reconnect();
  }

  /**
   * Looks for the registry, as each process does that starts; where S3 has no answer, the one in
   * the snapshot serves as the last good one.
   */
  void afterRestore() {
    registries.lookAgain();
    start();
  }

  @Override
  public Answer handle(Request request) {
    return handler.handle(request);
  }

  @Override
  public void close() {
    dynamoDb.close();
    registryObject.close();
  }
}
