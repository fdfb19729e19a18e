package dev.feast.aws.runtime.lookup;

import dev.feast.aws.runtime.config.ServingConfig.StaleFeatures;
import dev.feast.aws.runtime.store.EventTimestamp;
import dev.feast.aws.runtime.store.StoredRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the rows that are older than their view's ttl, where that makes a difference. */
final class MaxAge {

  private final StaleFeatures staleFeatures;
  private final Clock clock;

  MaxAge(StaleFeatures staleFeatures, Clock clock) {
    this.staleFeatures = staleFeatures;
    this.clock = clock;
  }

  /**
   * @param rowsOfViews a row for each row of the request, for each view of the plan
   */
  LookupResult check(LookupPlan plan, List<@Nullable StoredRow[]> rowsOfViews) {
    Instant now = clock.instant();
    List<LookupResult.ViewRows> views = new ArrayList<>(rowsOfViews.size());
    for (int i = 0; i < rowsOfViews.size(); i++) {
      Duration ttl = plan.views().get(i).ttl();
      boolean limited = staleFeatures != StaleFeatures.SERVE && ttl.isPositive();
      views.add(
          new LookupResult.ViewRows(
              rowsOfViews.get(i), limited ? outside(rowsOfViews.get(i), ttl, now) : null));
    }
    return new LookupResult(plan, views, staleFeatures == StaleFeatures.WITHHOLD);
  }

  private static boolean[] outside(@Nullable StoredRow[] rows, Duration ttl, Instant now) {
    // Most rows were written at a few times only.
    Map<String, Boolean> known = new HashMap<>();
    boolean[] outside = new boolean[rows.length];
    for (int row = 0; row < rows.length; row++) {
      StoredRow stored = rows[row];
      outside[row] =
          stored != null
              && known.computeIfAbsent(
                  stored.eventTimestamp(),
                  text -> Duration.between(EventTimestamp.parse(text), now).compareTo(ttl) > 0);
    }
    return outside;
  }
}
