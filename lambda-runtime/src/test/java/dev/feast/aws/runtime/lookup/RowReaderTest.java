package dev.feast.aws.runtime.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.runtime.config.TableNames;
import dev.feast.aws.runtime.entitykey.EntityKeyEncoder;
import dev.feast.aws.runtime.entitykey.EntityKeyVersion;
import dev.feast.aws.runtime.entitykey.EntityKeyVersions;
import dev.feast.aws.runtime.entitykey.KeyValue;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.store.OnlineStore;
import dev.feast.aws.runtime.store.StoreException;
import dev.feast.aws.runtime.store.StoredRow;
import dev.feast.aws.runtime.store.StoredRows;
import dev.feast.aws.runtime.store.TableRead;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rows of one view that lie under several versions, over a store in memory. */
class RowReaderTest {

  private static final String TABLE = "dev.view";

  private Instant now = Instant.parse("2026-11-01T12:00:00Z");
  private final Map<String, StoredRow> rows = new HashMap<>();

  /** How many keys each read had. */
  private final List<Integer> reads = new ArrayList<>();

  private final RowReader reader =
      new RowReader(
          new MemoryStore(),
          new TableNames("dev.{table_name}"),
          new EntityKeyVersions(null, () -> now));

  @Test
  void findsARowUnderAnotherVersionThanTheOneThatIsKnown() throws StoreException {
    put(EntityKeyVersion.V1, 1);
    assertThat(found(1)).containsExactly(true);
    // Found under version 1 alone, which is what is read now; 2 was written by an upgraded Feast.
    put(EntityKeyVersion.V3, 2);
    now = now.plusSeconds(60);
    assertThat(found(1, 2)).containsExactly(true, true);
    assertThat(reads).containsExactly(3, 2, 2);
    // From then on under both, in one read.
    put(EntityKeyVersion.V3, 3);
    assertThat(found(1, 2, 3)).containsExactly(true, true, true);
    assertThat(reads).containsExactly(3, 2, 2, 6);
  }

  @Test
  void looksAMinuteApartForRowsThatAreNowhere() throws StoreException {
    put(EntityKeyVersion.V3, 1);
    assertThat(found(1, 9)).containsExactly(true, false);
    assertThat(found(1, 9)).containsExactly(true, false);
    now = now.plusSeconds(60);
    assertThat(found(1, 9)).containsExactly(true, false);
    assertThat(found(1, 9)).containsExactly(true, false);
    assertThat(reads).containsExactly(6, 2, 2, 2, 2);
  }

  @Test
  void looksNowhereElseWhereNothingIsMissed() throws StoreException {
    put(EntityKeyVersion.V3, 1);
    found(1);
    now = now.plusSeconds(60);
    found(1);
    assertThat(reads).containsExactly(3, 1);
  }

  private void put(EntityKeyVersion version, long driver) {
    rows.put(
        new EntityKeyEncoder(version, List.of("driver_id"))
            .entityId(List.of(new KeyValue.Int64(driver))),
        new StoredRow("2026-11-01 12:00:00+00:00", Map.of("f", new byte[0])));
  }

  private List<Boolean> found(long... drivers) throws StoreException {
    List<KeyValue> column = LongStream.of(drivers).<KeyValue>mapToObj(KeyValue.Int64::new).toList();
    var plan =
        new LookupPlan(
            drivers.length,
            List.of(),
            List.of(),
            List.of(
                new LookupPlan.ViewRead(
                    "view", Duration.ZERO, List.of("f"), List.of("driver_id"), List.of(column))),
            List.of());
    return Arrays.stream(reader.read(plan, Deadline.in(Duration.ofSeconds(10))).getFirst())
        .map(Objects::nonNull)
        .toList();
  }

  private final class MemoryStore implements OnlineStore {
    @Override
    public StoredRows read(List<TableRead> tables, Deadline deadline) {
      Map<String, StoredRow> found = new HashMap<>();
      int keys = 0;
      for (TableRead table : tables) {
        assertThat(table.table()).isEqualTo(TABLE);
        for (String entityId : table.entityIds()) {
          keys++;
          StoredRow row = rows.get(entityId);
          if (row != null) {
            found.put(entityId, row);
          }
        }
      }
      reads.add(keys);
      return new StoredRows(Map.of(TABLE, found));
    }
  }
}
