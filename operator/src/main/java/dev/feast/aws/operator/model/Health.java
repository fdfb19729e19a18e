package dev.feast.aws.operator.model;

import java.util.function.UnaryOperator;
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

  /** With every text changed. */
  public Health mapping(UnaryOperator<String> text) {
    return new Health(
        text.apply(state),
        reason == null ? null : text.apply(reason),
        message == null ? null : text.apply(message),
        lastUpdated == null ? null : text.apply(lastUpdated),
        entities,
        featureViews,
        featureServices);
  }

  public boolean isLoaded() {
    return state.equals("loaded");
  }
}
