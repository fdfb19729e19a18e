package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where a feature_store.yaml is: exactly one of the two. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.configMapKeyRef) != has(self.secretKeyRef)",
    message = "exactly one of configMapKeyRef and secretKeyRef must be given")
@JsonIgnoreProperties(ignoreUnknown = true)
public record FeatureStoreSource(
    @JsonPropertyDescription("A key of a ConfigMap in the same namespace.")
        @Nullable KeyReference configMapKeyRef,
    @JsonPropertyDescription("A key of a Secret in the same namespace.")
        @Nullable KeyReference secretKeyRef) {}
