package dev.feast.aws.bench;

import java.util.Arrays;

/** Measured values, sorted. */
record Samples(double[] values) {
  Samples {
    values = values.clone();
    Arrays.sort(values);
  }

  /** The smallest value that {@code share} of all values do not exceed. */
  double quantile(double share) {
    int rank = (int) Math.ceil(share * values.length);
    return values[Math.max(0, rank - 1)];
  }

  double max() {
    return values[values.length - 1];
  }
}
