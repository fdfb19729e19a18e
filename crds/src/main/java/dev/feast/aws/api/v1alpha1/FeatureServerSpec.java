package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What is to be served, and how. Absent objects mean their defaults. */
@JsonClassDescription("What is to be served, and how.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.featureStore) != has(self.featureStoreFrom)",
    message =
        "exactly one of featureStore and featureStoreFrom must be given: the feature_store.yaml"
            + " itself, or the ConfigMap or Secret that holds it")
@ValidationRule(
    value =
        "!has(self.featureStore) || !has(self.featureStore.feature_server) ||"
            + " !has(self.featureStore.feature_server.auth) ||"
            + " self.featureStore.feature_server.auth != 'api-key' ||"
            + " (has(self.endpoint) && has(self.endpoint.apiKeys))",
    message =
        "feature_server.auth api-key needs endpoint.apiKeys.secretName, the Secret that holds the"
            + " keys")
@JsonIgnoreProperties(ignoreUnknown = true)
public record FeatureServerSpec(
    @JsonPropertyDescription(
            "The feature_store.yaml, verbatim: Feast's own keys, those listed here and any other;"
                + " all are passed on to the runtime. Exactly one of featureStore and"
                + " featureStoreFrom must be given.")
        @Nullable FeatureStore featureStore,
    @JsonPropertyDescription(
            "Where the feature_store.yaml is, when it is not written here: a key of a ConfigMap or"
                + " Secret in the same namespace. A change of it is rolled out.")
        @Nullable FeatureStoreSource featureStoreFrom,
    @JsonPropertyDescription(
            "Container image of the function. By default the runtime that ships with the operator.")
        @Nullable ImageSpec image,
    @JsonPropertyDescription("Settings of the Lambda function.") @Default("{}")
        FunctionSpec function,
    @JsonPropertyDescription("Who may ask the endpoint, and how.") @Default("{}")
        EndpointSpec endpoint,
    @JsonPropertyDescription("How lookups are answered.") @Default("{}") ServingSpec serving,
    @JsonPropertyDescription("How a new version of the function takes over.") @Default("{}")
        RolloutSpec rollout,
    @JsonPropertyDescription("Where in AWS it lives and how it is tagged there.")
        @Nullable AwsSpec aws,
    @JsonPropertyDescription(
            "What happens to the function, endpoint and repository when this FeatureServer is"
                + " deleted or its feature_server is disabled: Delete removes them, Retain leaves"
                + " them serving and says which they are.")
        @Default("Delete")
        DeletionPolicy deletionPolicy,
    @JsonPropertyDescription(
            "Stops the operator from changing anything in AWS while true; what serves goes on"
                + " serving. Deletion is not stopped by it.")
        @Default("false")
        boolean suspend) {

  /** Absent objects that have a default become it, as the API server's defaulting does. */
  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public FeatureServerSpec {
    function = function == null ? FunctionSpec.DEFAULT : function;
    endpoint = endpoint == null ? EndpointSpec.DEFAULT : endpoint;
    serving = serving == null ? ServingSpec.DEFAULT : serving;
    rollout = rollout == null ? RolloutSpec.DEFAULT : rollout;
    deletionPolicy = deletionPolicy == null ? DeletionPolicy.Delete : deletionPolicy;
  }
}
