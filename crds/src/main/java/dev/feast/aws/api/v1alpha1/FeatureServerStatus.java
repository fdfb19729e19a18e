package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was found and made. Holds what deletion needs: with {@code region}, {@code account} and the
 * names and ids below, everything is found again without the spec.
 *
 * <p>{@code project}, {@code region} and {@code account} are written before the first object is
 * made in AWS and stay as they are from then on.
 */
@JsonClassDescription("What was found and made.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FeatureServerStatus(
    @JsonPropertyDescription("The last generation of the spec that the operator looked at.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Feast project that is served; fixed once it was used.")
        @Nullable String project,
    @JsonPropertyDescription("AWS region of everything below; fixed once it was used.")
        @Nullable String region,
    @JsonPropertyDescription("AWS account of everything below; fixed once it was used.")
        @Nullable String account,
    @JsonPropertyDescription(
            "The role that the operator acts as for everything below, deletion included; absent"
                + " where it acts as itself.")
        @Nullable String assumeRoleArn,
    @JsonPropertyDescription(
            "Base URL of the feature server: POST /get-online-features below it looks features up."
                + " Kept while an update is in progress or fails.")
        @Nullable String endpoint,
    @JsonPropertyDescription(
            "Who may ask the endpoint, as what serves has it: None, APIKey, IAM or JWT.")
        @Nullable Authorization authorization,
    @JsonPropertyDescription(
            "State in the Kubernetes convention: Ready sums up, Reconciling and Stalled say whether"
                + " the operator goes on, and SpecAccepted, ImageReady, FunctionReady and"
                + " EndpointAvailable are the stages.")
        List<Condition> conditions,
    @JsonPropertyDescription("The Lambda function.") @Nullable FunctionStatus function,
    @JsonPropertyDescription("The image that serves, and what the spec's was resolved to.")
        @Nullable ImageStatus image,
    @JsonPropertyDescription("The ECR repository that the image was copied to.")
        @Nullable RepositoryStatus repository,
    @JsonPropertyDescription("The HTTP API in front of the function.") @Nullable ApiStatus api,
    @JsonPropertyDescription("Where that API was another's before.")
        @Nullable AdoptionStatus adoption,
    @JsonPropertyDescription(
            "Feast's registry, as the version that serves reported it last, through the endpoint or"
                + " when it passed its probe; before any version serves, as the newest one reports"
                + " it.")
        @Nullable RegistryStatus registry,
    @JsonPropertyDescription("What was last complete in AWS; drift is told from changes by it.")
        @Nullable DeployedStatus deployed,
    @JsonPropertyDescription(
            "What else there may be in AWS, because the spec asks for it or did, or because an"
                + " answer of AWS was lost: it is looked for until it is gone.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<OptionalPart> optionalParts,
    @JsonPropertyDescription(
            "What would be done in AWS, while the annotation aws.feast.dev/plan asks for it.")
        @Nullable PlanStatus plan) {

  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public FeatureServerStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
    optionalParts = optionalParts == null ? List.of() : List.copyOf(optionalParts);
  }

  /** The status of a FeatureServer that nobody looked at yet. */
  public static FeatureServerStatus empty() {
    return new FeatureServerStatus(
        null, null, null, null, null, null, null, List.of(), null, null, null, null, null, null,
        null, List.of(), null);
  }

  /** The same, with what would be done in AWS, or null where nobody asks for that. */
  public FeatureServerStatus withPlan(@Nullable PlanStatus plan) {
    return new FeatureServerStatus(
        observedGeneration,
        project,
        region,
        account,
        assumeRoleArn,
        endpoint,
        authorization,
        conditions,
        function,
        image,
        repository,
        api,
        adoption,
        registry,
        deployed,
        optionalParts,
        plan);
  }

  /** The same, with how far an adoption is, or null where there is none. */
  public FeatureServerStatus withAdoption(@Nullable AdoptionStatus adoption) {
    return new FeatureServerStatus(
        observedGeneration,
        project,
        region,
        account,
        assumeRoleArn,
        endpoint,
        authorization,
        conditions,
        function,
        image,
        repository,
        api,
        adoption,
        registry,
        deployed,
        optionalParts,
        plan);
  }

  /** The condition of this type, where there is one. */
  public Optional<Condition> condition(ConditionType type) {
    return conditions.stream().filter(c -> c.type().equals(type.type())).findFirst();
  }
}
