package dev.feast.aws.operator.model;

import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /health} of the runtime says of Feast's registry.
 *
 * @param state "loaded", "stale" or "unavailable"
 * @param lastUpdated RFC 3339, as written in the registry
 */
public record Health(
    String state,
    @Nullable String reason,
    @Nullable String message,
    @Nullable String lastUpdated,
    @Nullable Integer entities,
    @Nullable Integer featureViews,
    @Nullable Integer featureServices) {

  public boolean isLoaded() {
    return state.equals("loaded");
  }
}
