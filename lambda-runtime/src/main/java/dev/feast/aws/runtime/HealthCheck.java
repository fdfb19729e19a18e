package dev.feast.aws.runtime;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Request;
import dev.feast.aws.runtime.registry.Registry;
import dev.feast.aws.runtime.registry.RegistryCache;
import dev.feast.aws.runtime.registry.RegistryState;
import java.io.IOException;
import java.util.Optional;

/**
 * {@code GET /health}: 200 as long as there is an answer, with the registry's state in it. Names
 * neither bucket nor table, for it may be open to everybody.
 */
final class HealthCheck implements Handler {

  /** Names that are listed; how many there are is said beside them. */
  private static final int MAX_NOT_SERVABLE = 100;

  private final String project;
  private final RegistryCache registries;

  HealthCheck(String project, RegistryCache registries) {
    this.project = project;
    this.registries = registries;
  }

  @Override
  public Answer handle(Request request) {
    RegistryState state = registries.current(request.deadline());
    return Answer.ok(json -> write(json, state));
  }

  private void write(JsonGenerator json, RegistryState state) throws IOException {
    json.writeStartObject();
    json.writeStringField("status", state instanceof RegistryState.Loaded ? "ok" : "degraded");
    json.writeStringField("project", project);
    json.writeObjectFieldStart("registry");
    switch (state) {
      case RegistryState.Loaded loaded -> json.writeStringField("state", "loaded");
      case RegistryState.Stale stale ->
          writeProblem(json, "stale", stale.reason(), stale.message());
      case RegistryState.Unavailable unavailable ->
          writeProblem(json, "unavailable", unavailable.reason(), unavailable.message());
    }
    Optional<RegistryState.Loaded> lastGood = state.usable();
    if (lastGood.isPresent()) {
      writeContents(json, lastGood.get());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeProblem(JsonGenerator json, String state, String reason, String message)
      throws IOException {
    json.writeStringField("state", state);
    json.writeStringField("reason", reason);
    json.writeStringField("message", message);
  }

  private static void writeContents(JsonGenerator json, RegistryState.Loaded loaded)
      throws IOException {
    Registry registry = loaded.registry();
    if (registry.lastUpdated() != null) {
      json.writeStringField("lastUpdated", registry.lastUpdated().toString());
    }
    json.writeStringField("loadedAt", loaded.loadedAt().toString());
    json.writeNumberField("entities", registry.entities());
    json.writeNumberField("featureViews", registry.featureViews().size());
    json.writeNumberField("featureServices", registry.featureServices().size());
    json.writeNumberField("onDemandFeatureViews", registry.onDemandFeatureViews().size());
    json.writeArrayFieldStart("notServable");
    for (String view :
        registry.onDemandFeatureViews().stream().sorted().limit(MAX_NOT_SERVABLE).toList()) {
      json.writeString(view);
    }
    json.writeEndArray();
  }
}
