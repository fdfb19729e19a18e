package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where in AWS the feature server lives. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.tags) || self.tags.all(k, !k.startsWith('aws:'))",
    message = "tags must not start with aws:, which AWS keeps for itself")
@ValidationRule(
    value =
        "!has(self.tags) || self.tags.all(k, k != 'project' && k != 'feast-owned' &&"
            + " !k.startsWith('aws.feast.dev/'))",
    message =
        "tags must not be project, feast-owned or start with aws.feast.dev/, which the operator"
            + " sets itself")
@JsonIgnoreProperties(ignoreUnknown = true)
public record AwsSpec(
    @JsonPropertyDescription(
            "AWS region of the function and the endpoint. By default the online store's; fixed once"
                + " it was used.")
        @Pattern("^[a-z]{2,}(-[a-z]+)+-[0-9]+$")
        @Nullable String region,
    @JsonPropertyDescription(
            "Tags put on everything that is made in AWS, beside the operator's own: project,"
                + " feast-owned and those that start with aws.feast.dev/. Keys of up to 128, values"
                + " of up to 256 letters, digits, spaces and _.:/=+-@.")
        @Size(max = 40)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, @Size(max = 256) String> tags,
    @JsonPropertyDescription(
            "ARN of an IAM role that the operator acts as for this object, such as one in another"
                + " account: arn:aws:iam::<account>:role/<name>. Its trust policy has to name the"
                + " operator's role, with <cluster id>/<namespace> as external id, and the"
                + " operator's settings have to allow it. By default the operator acts as itself.")
        @Pattern("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$")
        @Size(max = 2048)
        @Nullable String assumeRoleArn) {

  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public AwsSpec {
    tags = tags == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }
}
