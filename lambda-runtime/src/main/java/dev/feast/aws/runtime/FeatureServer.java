package dev.feast.aws.runtime;

import dev.feast.aws.runtime.config.FeatureStoreConfig;
import dev.feast.aws.runtime.config.FeatureStoreConfig.OnlineStoreConfig;
import dev.feast.aws.runtime.config.FeatureStoreConfig.RegistryLocation;
import dev.feast.aws.runtime.entitykey.EntityKeyVersions;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Request;
import dev.feast.aws.runtime.http.Routes;
import dev.feast.aws.runtime.http.Routes.Route;
import dev.feast.aws.runtime.lookup.ColumnsFormat;
import dev.feast.aws.runtime.lookup.Lookup;
import dev.feast.aws.runtime.lookup.RowsFormat;
import dev.feast.aws.runtime.registry.RegistryCache;
import dev.feast.aws.runtime.registry.S3RegistryObject;
import dev.feast.aws.runtime.store.DynamoDbOnlineStore;
import java.time.Clock;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The feature server of one feature_store.yaml, put together; the same in Lambda and on a port. */
public final class FeatureServer implements Handler, AutoCloseable {

  private final DynamoDbClient dynamoDb;
  private final S3Client s3;
  private final RegistryCache registries;
  private final Handler routes;

  /**
   * @param environment where the AWS region and credentials come from
   */
  static FeatureServer of(FeatureStoreConfig config, Map<String, String> environment) {
    OnlineStoreConfig store = config.onlineStore();
    return new FeatureServer(
        config, AwsClients.dynamoDb(store), AwsClients.s3(environment, store.region()));
  }

  /** Takes the clients over: they are closed with it. */
  FeatureServer(FeatureStoreConfig config, DynamoDbClient dynamoDb, S3Client s3) {
    OnlineStoreConfig store = config.onlineStore();
    RegistryLocation registry = config.registry();
    this.dynamoDb = dynamoDb;
    this.s3 = s3;
    this.registries =
        new RegistryCache(
            new S3RegistryObject(s3, registry.bucket(), registry.key()),
            config.project(),
            registry.versioning(),
            registry.cacheTtl(),
            Clock.systemUTC());
    var lookup =
        new Lookup(
            registries,
            new DynamoDbOnlineStore(dynamoDb, store.batchSize(), store.consistentReads()),
            store.tableNames(),
            new EntityKeyVersions(config.entityKeyVersion()));
    this.routes =
        new Routes(
            Map.of(
                "/get-online-features", new Route("POST", lookup.in(new RowsFormat())),
                "/v2/get-online-features", new Route("POST", lookup.in(new ColumnsFormat())),
                "/health", new Route("GET", new HealthCheck(config.project(), registries))));
  }

  /** Reads the registry, so that the first request finds it; a missing one is no reason to fail. */
  public void start() {
    registries.current();
  }

  @Override
  public Answer handle(Request request) {
    return routes.handle(request);
  }

  @Override
  public void close() {
    dynamoDb.close();
    s3.close();
  }
}
