package dev.feast.aws.runtime.lookup;

import dev.feast.aws.runtime.config.TableNames;
import dev.feast.aws.runtime.entitykey.EntityKeyEncoder;
import dev.feast.aws.runtime.entitykey.EntityKeyVersion;
import dev.feast.aws.runtime.entitykey.EntityKeyVersions;
import dev.feast.aws.runtime.entitykey.KeyValue;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.store.EventTimestamp;
import dev.feast.aws.runtime.store.OnlineStore;
import dev.feast.aws.runtime.store.StoreException;
import dev.feast.aws.runtime.store.StoredRow;
import dev.feast.aws.runtime.store.StoredRows;
import dev.feast.aws.runtime.store.TableRead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a plan needs: all its views at once, each row once. */
final class RowReader {

  /** Under which Feast stored the one row of a view without entities, besides the empty key. */
  private static final String DUMMY_JOIN_KEY = "__dummy_id";

  private static final KeyValue DUMMY_VALUE = new KeyValue.Text("");

  private final OnlineStore store;
  private final TableNames tableNames;
  private final EntityKeyVersions versions;

  RowReader(OnlineStore store, TableNames tableNames, EntityKeyVersions versions) {
    this.store = store;
    this.tableNames = tableNames;
    this.versions = versions;
  }

  /** Returns a row for each row of the request, for each view of the plan. */
  List<@Nullable StoredRow[]> read(LookupPlan plan, Deadline deadline) throws StoreException {
    List<@Nullable StoredRow[]> rowsOfViews = new ArrayList<>();
    List<List<Reading>> readings = new ArrayList<>();
    for (LookupPlan.ViewRead view : plan.views()) {
      rowsOfViews.add(new @Nullable StoredRow[plan.rows()]);
      readings.add(readings(view, plan.rows(), versions.possible(view.table())));
    }
    fill(rowsOfViews, plan, readings, deadline);
    lookAgain(rowsOfViews, plan, deadline);
    return rowsOfViews;
  }

  /** For the rows that were missed, under the versions that they have not been looked for. */
  private void lookAgain(
      List<@Nullable StoredRow[]> rowsOfViews, LookupPlan plan, Deadline deadline)
      throws StoreException {
    List<List<Reading>> readings = new ArrayList<>();
    boolean any = false;
    for (int i = 0; i < plan.views().size(); i++) {
      LookupPlan.ViewRead view = plan.views().get(i);
      @Nullable StoredRow[] rows = rowsOfViews.get(i);
      List<EntityKeyVersion> others =
          missesSome(rows) ? versions.forSecondLook(view.table()) : List.of();
      readings.add(readings(view, rows.length, others));
      readings.getLast().forEach(reading -> reading.leaveOut(rows));
      any |= !others.isEmpty();
    }
    if (any) {
      fill(rowsOfViews, plan, readings, deadline);
    }
  }

  private static boolean missesSome(@Nullable StoredRow[] rows) {
    for (StoredRow row : rows) {
      if (row == null) {
        return true;
      }
    }
    return false;
  }

  private void fill(
      List<@Nullable StoredRow[]> rowsOfViews,
      LookupPlan plan,
      List<List<Reading>> readings,
      Deadline deadline)
      throws StoreException {
    StoredRows stored = store.read(tableReads(plan, readings), deadline);
    for (int i = 0; i < readings.size(); i++) {
      fill(rowsOfViews.get(i), plan.views().get(i).table(), readings.get(i), stored);
    }
  }

  /**
   * One way to look for the rows of a view.
   *
   * @param entityIds for each row; null where the version has no key for it
   */
  @SuppressWarnings("ArrayRecordComponent") // Lives as long as one lookup, never compared.
  private record Reading(EntityKeyVersion version, @Nullable String[] entityIds) {

    /** Does not look for what is there. */
    void leaveOut(@Nullable StoredRow[] found) {
      for (int row = 0; row < found.length; row++) {
        if (found[row] != null) {
          entityIds[row] = null;
        }
      }
    }
  }

  private static List<Reading> readings(
      LookupPlan.ViewRead view, int rows, List<EntityKeyVersion> possible) {
    List<Reading> readings = new ArrayList<>();
    for (EntityKeyVersion version : possible) {
      if (view.joinKeys().isEmpty()) {
        readings.add(entityless(version, List.of(DUMMY_JOIN_KEY), List.of(DUMMY_VALUE), rows));
        readings.add(entityless(version, List.of(), List.of(), rows));
      } else {
        readings.add(byJoinKeys(version, view, rows));
      }
    }
    return readings;
  }

  private static Reading entityless(
      EntityKeyVersion version, List<String> joinKeys, List<KeyValue> key, int rows) {
    @Nullable String[] entityIds = new String[rows];
    Arrays.fill(entityIds, new EntityKeyEncoder(version, joinKeys).entityId(key));
    return new Reading(version, entityIds);
  }

  private static Reading byJoinKeys(EntityKeyVersion version, LookupPlan.ViewRead view, int rows) {
    var encoder = new EntityKeyEncoder(version, view.joinKeys());
    @Nullable String[] entityIds = new String[rows];
    for (int row = 0; row < rows; row++) {
      List<KeyValue> key = new ArrayList<>(view.columns().size());
      for (List<KeyValue> column : view.columns()) {
        key.add(column.get(row));
      }
      entityIds[row] = encoder.entityId(key);
    }
    return new Reading(version, entityIds);
  }

  /** Each table once, also where a service shows one view under several names. */
  private List<TableRead> tableReads(LookupPlan plan, List<List<Reading>> readings) {
    Map<String, TableRead> reads = new LinkedHashMap<>();
    for (int i = 0; i < readings.size(); i++) {
      LookupPlan.ViewRead view = plan.views().get(i);
      TableRead read =
          reads.computeIfAbsent(
              tableNames.tableOf(view.table()),
              table -> new TableRead(table, new LinkedHashSet<>(), new LinkedHashSet<>()));
      read.features().addAll(view.features());
      for (Reading reading : readings.get(i)) {
        for (String entityId : reading.entityIds()) {
          if (entityId != null) {
            read.entityIds().add(entityId);
          }
        }
      }
    }
    return List.copyOf(reads.values());
  }

  /** Where several readings found a row, the one that was written last counts. */
  private void fill(
      @Nullable StoredRow[] chosen, String tableOfView, List<Reading> readings, StoredRows stored) {
    String table = tableNames.tableOf(tableOfView);
    Set<EntityKeyVersion> foundUnder = EnumSet.noneOf(EntityKeyVersion.class);
    for (Reading reading : readings) {
      for (int row = 0; row < chosen.length; row++) {
        String entityId = reading.entityIds()[row];
        StoredRow found = entityId == null ? null : stored.row(table, entityId).orElse(null);
        if (found != null) {
          foundUnder.add(reading.version());
          chosen[row] = newer(chosen[row], found);
        }
      }
    }
    versions.found(tableOfView, foundUnder);
  }

  private static StoredRow newer(@Nullable StoredRow one, StoredRow other) {
    if (one == null || one == other) {
      return other;
    }
    return EventTimestamp.parse(other.eventTimestamp())
            .isAfter(EventTimestamp.parse(one.eventTimestamp()))
        ? other
        : one;
  }
}
