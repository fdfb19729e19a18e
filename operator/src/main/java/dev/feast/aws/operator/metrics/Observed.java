package dev.feast.aws.operator.metrics;

import java.util.stream.Stream;

/** What is not counted as it happens but looked at in each scrape. */
public interface Observed {

  /** Whether this replica is the one that works. */
  boolean leads();

  /** Passes that are under way. */
  int running();

  /** FeatureServers whose pass waits for another one to end. */
  int waiting();

  /** All FeatureServers that this replica looks after; none on a standby. */
  Stream<FeatureServerState> featureServers();
}
