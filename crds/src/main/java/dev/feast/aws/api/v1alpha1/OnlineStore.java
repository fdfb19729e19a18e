package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Feast's `online_store`. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@PreserveUnknownFields
public record OnlineStore(
    @JsonPropertyDescription("Type of the online store; dynamodb, which is also the default.")
        @Nullable String type,
    @JsonPropertyDescription(
            "AWS region of the DynamoDB tables, and of the function unless aws.region says"
                + " otherwise.")
        @Nullable String region,
    @JsonAnyGetter Map<String, JsonNode> others) {

  public OnlineStore {
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static OnlineStore of(Map<String, JsonNode> keys) {
    var open = new OpenObject(keys);
    return new OnlineStore(open.text("type"), open.text("region"), open.others());
  }
}
