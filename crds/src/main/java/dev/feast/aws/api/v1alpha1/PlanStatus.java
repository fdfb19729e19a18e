package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** What would be done in AWS. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PlanStatus(
    @JsonPropertyDescription("The generation of the spec that it is for.") long generation,
    @JsonPropertyDescription(
            "What would be done, in this order; none where everything is as the spec asks.")
        List<PlannedStep> steps) {

  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public PlanStatus {
    steps = steps == null ? List.of() : List.copyOf(steps);
  }
}
