package dev.feast.aws.operator.validation;

import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.policy.TenantRules;
import dev.feast.aws.operator.validation.Problem.Reason;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is right by itself, and not allowed in this namespace by the operator's settings. */
final class TenantChecks {
  private static final String NOT_ALLOWED =
      "%s, which the operator's settings do not allow in this namespace; %s there is %s";

  private static final String ASSUME_ROLE = "spec.aws.assumeRoleArn";
  private static final String ANNOTATION = "metadata.annotations[\"" + Adoption.ANNOTATION + "\"]";
  private static final Pattern ROLE_ARN =
      Pattern.compile("arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+");

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

  void assumeRole(String arn) {
    if (!ROLE_ARN.matcher(arn).matches()) {
      problems.add(
          new Problem(
              Reason.InvalidAssumeRole,
              ASSUME_ROLE,
              "holds \"%s\"; must be the ARN of an IAM role, such as".formatted(arn)
                  + " arn:<partition>:iam::123456789012:role/feast"));
    } else if (!rules.assumeRoles().allow(arn)) {
      note(
          Reason.AssumeRoleNotAllowed,
          ASSUME_ROLE,
          "holds \"" + arn + '"',
          "allowedAssumeRoles",
          rules.assumeRoles());
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
                  + " APIKey, IAM or JWT"));
    }
  }

  /**
   * @param text as the annotation has it
   */
  @Nullable Adoption adoption(String text) {
    Optional<Adoption> adoption = Adoption.parse(text);
    if (adoption.isEmpty()) {
      problems.add(
          new Problem(
              Reason.InvalidAdoption,
              ANNOTATION,
              "holds \"%s\"; must be %s".formatted(text, Adoption.FORMS)));
    } else if (!rules.adoptions().allow(adoption.get().text())) {
      note(
          Reason.AdoptionNotAllowed,
          ANNOTATION,
          "holds \"" + adoption.get().text() + '"',
          "allowedAdoptions",
          rules.adoptions());
    }
    return adoption.orElse(null);
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
