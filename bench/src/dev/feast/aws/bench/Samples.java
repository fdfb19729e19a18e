package dev.feast.aws.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured values; they may come one by one. */
final class Samples {
  private final List<Double> values = new ArrayList<>();
  private boolean sorted = true;

  void add(double value) {
    values.add(value);
    sorted = false;
  }

  int count() {
    return values.size();
  }

  /** The smallest value that {@code share} of all values do not exceed. */
  double quantile(double share) {
    if (!sorted) {
      Collections.sort(values);
      sorted = true;
    }
    int rank = (int) Math.ceil(share * values.size());
    return values.get(Math.max(0, rank - 1));
  }

  double median() {
    return quantile(0.5);
  }

  double max() {
    return quantile(1);
  }
}
