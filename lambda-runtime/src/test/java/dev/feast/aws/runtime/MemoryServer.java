package dev.feast.aws.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.runtime.config.ConfigException;
import dev.feast.aws.runtime.config.FeatureStoreConfig;
import dev.feast.aws.runtime.config.ServingConfig;
import dev.feast.aws.runtime.entitykey.EntityKeyVersions;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Routes;
import dev.feast.aws.runtime.http.Routes.Route;
import dev.feast.aws.runtime.lookup.ColumnsFormat;
import dev.feast.aws.runtime.lookup.Lookup;
import dev.feast.aws.runtime.lookup.RowsFormat;
import dev.feast.aws.runtime.registry.RegistryCache;
import dev.feast.aws.runtime.registry.RegistryObject;
import dev.feast.aws.runtime.store.OnlineStore;
import dev.feast.aws.runtime.store.StoredRow;
import dev.feast.aws.runtime.store.StoredRows;
import dev.feast.aws.runtime.store.TableRead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The routes of a feature server over a fixture in memory: thousands of requests in a second. */
public final class MemoryServer {

  private static final JsonMapper JSON = new JsonMapper();

  private MemoryServer() {}

  /**
   * @param fixture a folder of fixtures
   */
  public static Handler of(String fixture) {
    try {
      FeatureStoreConfig config = TestStore.config(fixture);
      var registries =
          new RegistryCache(
              new MemoryObject(Fixtures.bytes(fixture + "/registry.db")),
              config.project(),
              true,
              Duration.ZERO,
              Clock.systemUTC());
      var lookup =
          new Lookup(
              registries,
              new MemoryStore(JSON.readTree(Fixtures.bytes(fixture + "/dynamodb.json"))),
              config.onlineStore().tableNames(),
              new EntityKeyVersions(config.entityKeyVersion(), Clock.systemUTC()),
              ServingConfig.DEFAULT,
              Clock.systemUTC());
      return new Routes(
          Map.of(
              "/get-online-features", new Route("POST", lookup.in(new RowsFormat())),
              "/v2/get-online-features", new Route("POST", lookup.in(new ColumnsFormat())),
              "/health", new Route("GET", new HealthCheck(config.project(), registries))));
    } catch (ConfigException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private record MemoryObject(byte[] bytes) implements RegistryObject {
    @Override
    public Optional<Content> fetch(@Nullable String knownEtag, Duration timeout) {
      return Optional.of(new Content("etag", bytes));
    }
  }

  private static final class MemoryStore implements OnlineStore {
    private final Map<String, Map<String, StoredRow>> tables = new HashMap<>();

    /**
     * @param dynamoDb tables with items, as local-aws loads them
     */
    MemoryStore(JsonNode dynamoDb) {
      dynamoDb
          .properties()
          .forEach(
              table ->
                  table
                      .getValue()
                      .get("Items")
                      .forEach(
                          item ->
                              tables
                                  .computeIfAbsent(table.getKey(), name -> new HashMap<>())
                                  .put(item.at("/entity_id/S").textValue(), row(item))));
    }

    private static StoredRow row(JsonNode item) {
      Map<String, byte[]> values = new HashMap<>();
      item.at("/values/M")
          .properties()
          .forEach(value -> values.put(value.getKey(), bytes(value.getValue().get("B"))));
      return new StoredRow(item.at("/event_ts/S").textValue(), values);
    }

    private static byte[] bytes(JsonNode base64) {
      try {
        return base64.binaryValue();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public StoredRows read(List<TableRead> reads, Deadline deadline) {
      Map<String, Map<String, StoredRow>> found = new HashMap<>();
      for (TableRead read : reads) {
        Map<String, StoredRow> table = tables.getOrDefault(read.table(), Map.of());
        Map<String, StoredRow> rows = found.computeIfAbsent(read.table(), t -> new HashMap<>());
        for (String entityId : read.entityIds()) {
          StoredRow row = table.get(entityId);
          if (row != null) {
            rows.put(entityId, row);
          }
        }
      }
      return new StoredRows(found);
    }
  }
}
