package dev.feast.aws.operator.admission;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerSpec;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.FeatureStoreSource;
import dev.feast.aws.operator.admission.FeatureStoreTexts.Text;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.policy.TenantRules;
import dev.feast.aws.operator.validation.FeatureServerConfig;
import dev.feast.aws.operator.validation.FeatureServerValidator;
import dev.feast.aws.operator.validation.FixedFields;
import dev.feast.aws.operator.validation.Validation;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a FeatureServer as a pass of the operator would, as far as that goes before it is
 * stored.
 */
final class Review {
  private static final String SECRET_UNSEEN =
      "spec.featureStoreFrom: what the Secret holds is not looked at here; the condition"
          + " SpecAccepted will tell.";

  private final FeatureServerValidator validator;
  private final TenantPolicy policy;
  private final FeatureStoreTexts texts;

  Review(FeatureServerValidator validator, TenantPolicy policy, FeatureStoreTexts texts) {
    this.validator = validator;
    this.policy = policy;
    this.texts = texts;
  }

  /** What there is to say about it. */
  Findings of(String namespace, FeatureServer resource) {
    FeatureServerSpec spec = resource.getSpec();
    TenantRules rules = policy.of(namespace);
    FeatureStoreSource from = spec.featureStoreFrom();
    if (from == null) {
      return whole(resource, null, rules);
    }
    if (from.configMapKeyRef() == null) {
      return withoutFeatureStore(spec, rules, SECRET_UNSEEN);
    }
    return switch (texts.inConfigMap(namespace, from.configMapKeyRef())) {
      case Text.Found(String text) -> whole(resource, text, rules);
      case Text.Absent(String why) -> withoutFeatureStore(spec, rules, why);
    };
  }

  private Findings whole(FeatureServer resource, @Nullable String text, TenantRules rules) {
    FeatureServerSpec spec = resource.getSpec();
    FeatureServerStatus status =
        resource.getStatus() == null ? FeatureServerStatus.empty() : resource.getStatus();
    return switch (validator.preview(
        spec, Adoption.asked(resource.getMetadata().getAnnotations()), text, rules)) {
      case Validation.Rejected rejected -> new Findings(rejected.problems(), null, Doubts.of(spec));
      case Validation.Disabled() -> new Findings(List.of(), null, Doubts.disabled(spec, status));
      case Validation.Accepted(FeatureServerConfig config) ->
          new Findings(
              List.of(),
              FixedFields.changed(status, config).orElse(null),
              Stream.concat(Doubts.of(spec).stream(), Doubts.of(config).stream()).toList());
    };
  }

  private Findings withoutFeatureStore(FeatureServerSpec spec, TenantRules rules, String why) {
    return new Findings(
        validator.previewWithoutFeatureStore(spec, rules),
        null,
        Stream.concat(Stream.of(why), Doubts.of(spec).stream()).toList());
  }
}
