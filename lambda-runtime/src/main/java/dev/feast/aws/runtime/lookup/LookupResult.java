package dev.feast.aws.runtime.lookup;

import dev.feast.aws.runtime.store.StoredRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found.
 *
 * @param views for each view of the plan
 * @param withholdsStale whether values outside their maximal age are left out of the answer
 */
record LookupResult(LookupPlan plan, List<ViewRows> views, boolean withholdsStale) {

  /**
   * The rows of one view, one for each row of the request.
   *
   * @param rows null where the store has none
   * @param outsideMaxAge which rows are older than the view allows; null where none counts as such
   */
  @SuppressWarnings("ArrayRecordComponent") // Lives as long as one lookup, never compared.
  record ViewRows(@Nullable StoredRow[] rows, boolean @Nullable [] outsideMaxAge) {}

  @Nullable StoredRow row(LookupPlan.Feature feature, int row) {
    return views.get(feature.view()).rows()[row];
  }

  /** A row that lacks the feature was written before the view had it. */
  Status status(LookupPlan.Feature feature, int row) {
    ViewRows view = views.get(feature.view());
    StoredRow stored = view.rows()[row];
    if (stored == null || !stored.values().containsKey(feature.feature())) {
      return Status.NOT_FOUND;
    }
    boolean[] outsideMaxAge = view.outsideMaxAge();
    return outsideMaxAge != null && outsideMaxAge[row] ? Status.OUTSIDE_MAX_AGE : Status.PRESENT;
  }

  /** Returns the serialized value that the answer shows; null where it shows none. */
  byte @Nullable [] value(LookupPlan.Feature feature, int row) {
    StoredRow stored = row(feature, row);
    if (stored == null || (withholdsStale && status(feature, row) == Status.OUTSIDE_MAX_AGE)) {
      return null;
    }
    return stored.values().get(feature.feature());
  }
}
