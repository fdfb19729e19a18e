package dev.feast.aws.runtime.store;

import java.util.Map;
import java.util.Optional;

/** Rows by table and entity id. */
public record StoredRows(Map<String, Map<String, StoredRow>> byTable) {

  public Optional<StoredRow> row(String table, String entityId) {
    Map<String, StoredRow> rows = byTable.get(table);
    return rows == null ? Optional.empty() : Optional.ofNullable(rows.get(entityId));
  }
}
