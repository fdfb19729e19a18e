package dev.feast.aws.runtime.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many stored bytes one lookup may hold in memory, all its batches together: rows of 400 KB
 * (DynamoDB's limit) would fill it long before the answer is found to be too large.
 */
final class ReadBudget {

  /** Some answers' worth: much of what is stored can be left out of an answer, as stale. */
  static final int MAX_BYTES = 32 << 20;

  private final AtomicLong taken = new AtomicLong();

  /** Keeps batches from being read once there is no room for them. */
  void check() throws StoreException {
    if (taken.get() > MAX_BYTES) {
      throw new StoreException(
          StoreException.Kind.TOO_LARGE,
          "the rows of this lookup have more than " + MAX_BYTES + " bytes in the online store",
          null);
    }
  }

  void take(StoredRow row) throws StoreException {
    long bytes = 0;
    for (byte[] value : row.values().values()) {
      bytes += value.length;
    }
    taken.addAndGet(bytes);
    check();
  }
}
