package dev.feast.aws.runtime;

import dev.feast.aws.runtime.config.TableNames;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.lambda.ApiGatewayEvents;
import dev.feast.aws.runtime.log.Log;
import dev.feast.aws.runtime.registry.Registry.FeatureView;
import dev.feast.aws.runtime.registry.RegistryCache;
import dev.feast.aws.runtime.store.OnlineStore;
import dev.feast.aws.runtime.store.StoreException;
import dev.feast.aws.runtime.store.TableRead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Does before a snapshot what the first request would else do first: an event is read and answered,
 * and DynamoDB is asked for a row that nobody has. Nothing that fails here keeps anybody from
 * starting: requests will say what is the matter.
 */
final class WarmUp {

  private static final byte[] HEALTH =
      """
      {"version": "2.0", "rawPath": "/health", "headers": {}, "isBase64Encoded": false,
       "requestContext": {"stage": "$default", "http": {"method": "GET"}}}
      """
          .getBytes(StandardCharsets.UTF_8);

  /** No entity key in hex, which is what rows go by. */
  private static final String NOBODY = "snapshot";

  private final Handler routes;
  private final RegistryCache registries;
  private final OnlineStore store;
  private final TableNames tables;

  /**
   * @param routes without a check of API keys
   */
  WarmUp(Handler routes, RegistryCache registries, OnlineStore store, TableNames tables) {
    this.routes = routes;
    this.registries = registries;
    this.store = store;
    this.tables = tables;
  }

  void run(Deadline deadline) {
    byte[] unused = new ApiGatewayEvents(routes).answer(HEALTH, deadline);
    Optional<FeatureView> view =
        registries
            .current(deadline)
            .usable()
            .flatMap(
                loaded ->
                    loaded.registry().featureViews().values().stream()
                        .filter(candidate -> !candidate.features().isEmpty())
                        .findFirst());
    if (view.isPresent()) {
      read(view.get(), deadline);
    }
  }

  private void read(FeatureView view, Deadline deadline) {
    String table = tables.tableOf(view.table());
    try {
      store.read(List.of(new TableRead(table, view.features(), Set.of(NOBODY))), deadline);
    } catch (StoreException e) {
      Log.info(
          "the online store could not be read before the snapshot",
          "error",
          String.valueOf(e.getMessage()));
    }
  }
}
