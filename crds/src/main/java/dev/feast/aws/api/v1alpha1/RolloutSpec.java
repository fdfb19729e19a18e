package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * How a new version of the function takes over.
 *
 * @param keepVersions 1 to 20 former versions, beside the one that serves
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.probe) || !has(self.strategy) || self.strategy != 'Direct'",
    message = "a probe goes with strategy Verified; Direct would skip it")
@JsonIgnoreProperties(ignoreUnknown = true)
public record RolloutSpec(
    @JsonPropertyDescription(
            "Verified probes a new version before it gets the traffic: GET /health must answer with"
                + " a loaded registry, and the lookup under probe, where there is one, as expected."
                + " A version that fails gets no traffic, the former one keeps answering. Direct"
                + " skips the probes.")
        @Default("Verified")
        RolloutStrategy strategy,
    @JsonPropertyDescription(
            "A lookup of your own that a new version must answer. What serves already is not probed"
                + " again when it changes.")
        @Nullable ProbeSpec probe,
    @JsonPropertyDescription(
            "How many former versions of the function are kept, with their images, beside the one"
                + " that serves; at least the one that served before.")
        @Default("" + DEFAULT_KEEP_VERSIONS)
        @Min(1)
        @Max(20)
        int keepVersions) {

  public static final int DEFAULT_KEEP_VERSIONS = 1;

  /** What an absent `rollout` means. */
  public static final RolloutSpec DEFAULT =
      new RolloutSpec(RolloutStrategy.Verified, null, DEFAULT_KEEP_VERSIONS);

  /** Absent settings become their defaults, as the API server's defaulting does. */
  @SuppressWarnings("ConstantValue") // Jackson passes null or 0 for what is absent
  public RolloutSpec {
    strategy = strategy == null ? RolloutStrategy.Verified : strategy;
    keepVersions = keepVersions == 0 ? DEFAULT_KEEP_VERSIONS : keepVersions;
  }
}
