package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * The network that the function is attached to.
 *
 * @param subnetIds 1 to 16, the most that Lambda takes
 * @param securityGroupIds 1 to 5, the most that Lambda takes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.subnetIds.all(id, id.matches('^subnet-[0-9a-z]+$'))",
    message = "subnetIds must be ids of subnets, such as subnet-0123456789abcdef0")
@ValidationRule(
    value = "self.securityGroupIds.all(id, id.matches('^sg-[0-9a-zA-Z]+$'))",
    message = "securityGroupIds must be ids of security groups, such as sg-0123456789abcdef0")
@JsonIgnoreProperties(ignoreUnknown = true)
public record VpcSpec(
    @JsonPropertyDescription(
            "Subnets of one VPC that the function has network interfaces in, best in several"
                + " availability zones.")
        @Required
        @Size(min = 1, max = 16)
        List<@Size(max = 64) String> subnetIds,
    @JsonPropertyDescription("Security groups of those network interfaces.")
        @Required
        @Size(min = 1, max = 5)
        List<@Size(max = 64) String> securityGroupIds) {

  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public VpcSpec {
    subnetIds = subnetIds == null ? List.of() : List.copyOf(subnetIds);
    securityGroupIds = securityGroupIds == null ? List.of() : List.copyOf(securityGroupIds);
  }
}
