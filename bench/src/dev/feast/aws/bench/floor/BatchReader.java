package dev.feast.aws.bench.floor;

import java.io.IOException;

/** Reads batches, several at once. */
interface BatchReader {
  /** A way of reading one batch, with all that can be made ready before. */
  interface Prepared {
    /** Returns how many items came back. */
    int read() throws IOException;
  }

  Prepared prepare(Batch batch);
}
