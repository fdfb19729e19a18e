package dev.feast.aws.operator.validation;

import dev.feast.aws.operator.policy.TenantRules;
import dev.feast.aws.operator.validation.Problem.Reason;
import java.util.List;

/** What is right by itself, and not allowed in this namespace by the operator's settings. */
final class TenantChecks {
  private static final String NOT_ALLOWED =
      "%s, which the operator's settings do not allow in this namespace; %s there is %s";

  private final TenantRules rules;
  private final List<Problem> problems;

  TenantChecks(TenantRules rules, List<Problem> problems) {
    this.rules = rules;
    this.problems = problems;
  }

  /**
   * @param given as the spec gives it, by ARN or name: a role's name is of the function's account,
   *     and Lambda takes roles of no other
   * @param shown the same for people; of a feature_store.yaml from a Secret that is nothing
   */
  void executionRole(String key, String given, String shown) {
    if (!rules.executionRoles().allow(given)) {
      note(
          Reason.ExecutionRoleNotAllowed,
          key,
          "holds " + shown,
          "allowedExecutionRoles",
          rules.executionRoles());
    }
  }

  void publicEndpoint() {
    if (!rules.publicEndpoints()) {
      problems.add(
          new Problem(
              Reason.PublicEndpointNotAllowed,
              "spec.endpoint.authorization",
              "is None, so that everybody who knows the URL could ask, which the operator's"
                  + " settings do not allow in this namespace (allowPublicEndpoints is false); set"
                  + " another one, such as APIKey"));
    }
  }

  void imageHost(ImageReference source) {
    if (!rules.imageHosts().allow(source.registry())) {
      note(
          Reason.ImageHostNotAllowed,
          "spec.image.source",
          "holds \"%s\", an image in %s".formatted(source, source.registry()),
          "allowedImageHosts",
          rules.imageHosts());
    }
  }

  private void note(Reason reason, String key, String found, String rule, Object allowed) {
    problems.add(new Problem(reason, key, NOT_ALLOWED.formatted(found, rule, allowed)));
  }
}
