package dev.feast.aws.operator.model;

import org.jspecify.annotations.Nullable;

/**
 * How many environments a function may have, and how many it has before anybody asks.
 *
 * @param reserved for this function alone, and its limit; null: it shares with the others
 * @param provisioned of the version that serves; 0: none
 */
public record Capacity(@Nullable Integer reserved, int provisioned) {
  public static final Capacity ON_DEMAND = new Capacity(null, 0);
}
