package dev.feast.aws.operator.model;

import java.util.List;

/** Who may ask the endpoint. */
public sealed interface Access {

  /** Everybody who knows the URL. */
  record Open() implements Access {}

  /**
   * Who sends one of the keys.
   *
   * @param keys at least one; the first is the probe's
   */
  record ByApiKey(List<ApiKey> keys) implements Access {
    public ByApiKey {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("without a key nobody could ask");
      }
    }
  }
}
