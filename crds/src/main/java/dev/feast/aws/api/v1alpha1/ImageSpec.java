package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The image that the function runs; without uri and source it is the shipped runtime. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!(has(self.uri) && has(self.source))",
    message =
        "only one of uri and source may be given: an image in ECR that is used in place, or one"
            + " anywhere that is copied to ECR; leave out both for the operator's own runtime")
@ValidationRule(
    value = "!has(self.pullSecret) || has(self.source)",
    message = "pullSecret goes with source; an image given by uri is read with AWS permissions")
@ValidationRule(
    value = "!(has(self.uri) && self.uri.contains('://'))",
    message = "uri must not have a scheme: write registry/repository:tag or repository@sha256:...")
@ValidationRule(
    value = "!(has(self.source) && self.source.contains('://'))",
    message =
        "source must not have a scheme: write registry/repository:tag or repository@sha256:...")
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageSpec(
    @JsonPropertyDescription(
            "An image in ECR, in the region of the function, that is used in place. A tag is"
                + " resolved to a digest once for each generation of this object.")
        @Size(min = 1, max = 512)
        @Nullable String uri,
    @JsonPropertyDescription(
            "An image in any registry, which is copied to ECR. A tag is resolved to a digest once"
                + " for each generation of this object.")
        @Size(min = 1, max = 512)
        @Nullable String source,
    @JsonPropertyDescription(
            "Secret with the credentials to read source. Without it source is read anonymously, but"
                + " from the ECR of the operator's own account as the operator, which may be"
                + " allowed to read images of others.")
        @Nullable PullSecret pullSecret,
    @JsonPropertyDescription(
            "What the function runs on: an image for several platforms has one for each. By default"
                + " amd64; for the operator's own runtime what the operator ships, which is what"
                + " its builder ran on.")
        @Nullable Architecture architecture) {}
