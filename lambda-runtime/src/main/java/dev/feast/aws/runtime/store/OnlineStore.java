package dev.feast.aws.runtime.store;

import dev.feast.aws.runtime.http.Deadline;
import java.util.List;

/** Reads rows. */
public interface OnlineStore {

  /**
   * Reads all of them: a row that the answer lacks does not exist.
   *
   * @param reads each table once
   */
  StoredRows read(List<TableRead> reads, Deadline deadline) throws StoreException;
}
