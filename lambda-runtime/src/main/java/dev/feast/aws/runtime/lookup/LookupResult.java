package dev.feast.aws.runtime.lookup;

import dev.feast.aws.runtime.store.StoredRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found.
 *
 * @param rowsOfViews for each view of the plan a row for each row of the request, null where the
 *     store has none
 */
record LookupResult(LookupPlan plan, List<@Nullable StoredRow[]> rowsOfViews) {

  @Nullable StoredRow row(LookupPlan.Feature feature, int row) {
    return rowsOfViews.get(feature.view())[row];
  }
}
