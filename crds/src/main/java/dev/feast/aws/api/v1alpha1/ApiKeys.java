package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The keys of {@link Authorization#APIKey}. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ApiKeys(
    @JsonPropertyDescription(
            "Name of a Secret in the same namespace; each of its values is a key of at least 32"
                + " characters. Several are all good, so that one can replace another without a"
                + " gap. A change of it is rolled out.")
        @Required
        @Size(min = 1, max = 253)
        String secretName) {}
