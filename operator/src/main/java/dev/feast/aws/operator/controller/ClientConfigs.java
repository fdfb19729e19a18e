package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import org.jspecify.annotations.Nullable;

/** What clients of a FeatureServer find in its namespace. Neither call ever fails. */
interface ClientConfigs {
  /** For an operator that is not to write any. */
  ClientConfigs NONE =
      new ClientConfigs() {
        @Override
        public void follow(FeatureServer resource, @Nullable ClientStore store) {}

        @Override
        public void remove(FeatureServer resource) {}
      };

  /**
   * Makes it say what the status says by now.
   *
   * @param store null where a pass did not come to know it
   */
  void follow(FeatureServer resource, @Nullable ClientStore store);

  /** Removes it with the FeatureServer. */
  void remove(FeatureServer resource);
}
