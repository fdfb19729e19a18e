package dev.feast.aws.operator.admission;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.validation.FixedFields;
import io.fabric8.kubernetes.api.model.GroupVersionKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusCauseBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.javaoperatorsdk.webhook.admission.AdmissionRequestHandler;
import io.javaoperatorsdk.webhook.admission.AdmissionUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers whether a FeatureServer may be stored.
 *
 * <p>Refused is only what a change of the spec makes wrong. Whatever else is written, the status,
 * the finalizer and other metadata, goes through, and so does everything while it is being deleted:
 * neither the operator nor a way out may be blocked. An update may leave mistakes that were there
 * before, for a policy that denies more is no reason against setting {@code suspend}; they come
 * back as warnings.
 */
final class FeatureServerAdmission implements AdmissionRequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FeatureServerAdmission.class);

  private static final String GROUP = HasMetadata.getGroup(FeatureServer.class);
  private static final String VERSION = HasMetadata.getVersion(FeatureServer.class);
  private static final String KIND = HasMetadata.getKind(FeatureServer.class);

  private static final int UNPROCESSABLE = 422;

  /** The API server drops a warning that has any. */
  private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}+");

  private final Set<String> namespaces;
  private final Review review;

  /**
   * @param namespaces whose FeatureServers this operator reconciles; empty: all
   */
  FeatureServerAdmission(Set<String> namespaces, Review review) {
    this.namespaces = namespaces;
    this.review = review;
  }

  /**
   * @throws IllegalArgumentException where the request cannot be from an API server that has the
   *     CRD
   */
  @Override
  public AdmissionResponse handle(AdmissionRequest request) {
    if (!isOurs(request)) {
      return AdmissionUtils.allowedAdmissionResponse();
    }
    if (!request.getKind().getVersion().equals(VERSION)) {
      return admitted(
          List.of(
              "%s %s is not looked at: this operator knows %s."
                  .formatted(KIND, request.getKind().getVersion(), VERSION)));
    }
    FeatureServer now = featureServer("object", request.getObject());
    if (now.getMetadata().getDeletionTimestamp() != null) {
      return AdmissionUtils.allowedAdmissionResponse();
    }
    return switch (request.getOperation()) {
      case "CREATE" -> created(request, now);
      case "UPDATE" -> updated(request, now, featureServer("oldObject", request.getOldObject()));
      default -> AdmissionUtils.allowedAdmissionResponse();
    };
  }

  private boolean isOurs(AdmissionRequest request) {
    GroupVersionKind kind = request.getKind();
    return kind != null
        && GROUP.equals(kind.getGroup())
        && KIND.equals(kind.getKind())
        && kind.getVersion() != null
        && Set.of("CREATE", "UPDATE").contains(request.getOperation())
        && (request.getSubResource() == null || request.getSubResource().isEmpty())
        && request.getNamespace() != null
        && (namespaces.isEmpty() || namespaces.contains(request.getNamespace()));
  }

  private static FeatureServer featureServer(String field, @Nullable Object object) {
    if (object instanceof FeatureServer resource
        && resource.getSpec() != null
        && resource.getMetadata() != null) {
      return resource;
    }
    throw new IllegalArgumentException(
        "request.%s is no %s %s/%s with metadata and spec".formatted(field, KIND, GROUP, VERSION));
  }

  private AdmissionResponse created(AdmissionRequest request, FeatureServer now) {
    Findings findings = review.of(request.getNamespace(), now);
    return findings.areMistakes() ? refused(request, findings) : admitted(findings.doubts());
  }

  private AdmissionResponse updated(
      AdmissionRequest request, FeatureServer now, FeatureServer before) {
    if (now.getSpec().equals(before.getSpec()) && Objects.equals(adopting(now), adopting(before))) {
      return AdmissionUtils.allowedAdmissionResponse();
    }
    // What is fixed is what the API server has, whatever a client sends.
    FeatureServerStatus status = before.getStatus();
    now.setStatus(status == null ? FeatureServerStatus.empty() : status);
    Findings findings = review.of(request.getNamespace(), now);
    if (!findings.areMistakes()) {
      return admitted(findings.doubts());
    }
    if (findings.worseThan(review.of(request.getNamespace(), before))) {
      return refused(request, findings);
    }
    var warnings = new ArrayList<>(findings.mistakes());
    warnings.addAll(findings.doubts());
    return admitted(warnings);
  }

  private static @Nullable String adopting(FeatureServer resource) {
    return Adoption.asked(resource.getMetadata().getAnnotations());
  }

  private static AdmissionResponse admitted(List<String> warnings) {
    AdmissionResponse response = AdmissionUtils.allowedAdmissionResponse();
    response.setWarnings(
        warnings.stream()
            .map(warning -> CONTROL_CHARACTERS.matcher(warning).replaceAll(" "))
            .toList());
    return response;
  }

  private static AdmissionResponse refused(AdmissionRequest request, Findings findings) {
    LOG.info(
        "Not admitted: {} of {}/{}{}: {}",
        request.getOperation(),
        request.getNamespace(),
        request.getName(),
        Boolean.TRUE.equals(request.getDryRun()) ? " (dry run)" : "",
        findings.message());
    var response = new AdmissionResponse();
    response.setAllowed(false);
    response.setStatus(status(request, findings));
    return response;
  }

  /** As the API server itself tells of mistakes: kubectl gives each cause a line. */
  private static Status status(AdmissionRequest request, Findings findings) {
    var causes = new ArrayList<StatusCause>();
    findings
        .problems()
        .forEach(
            problem ->
                causes.add(cause(problem.reason().name(), problem.key(), problem.message())));
    if (findings.moved() != null) {
      causes.add(cause(FixedFields.CHANGED, "spec", findings.moved()));
    }
    return new StatusBuilder()
        .withStatus("Failure")
        .withCode(UNPROCESSABLE)
        .withReason("Invalid")
        .withMessage(findings.message())
        .withNewDetails()
        .withGroup(GROUP)
        .withKind(KIND)
        .withName(request.getName())
        .withCauses(causes)
        .endDetails()
        .build();
  }

  private static StatusCause cause(String reason, String key, String message) {
    return new StatusCauseBuilder().withReason(reason).withField(key).withMessage(message).build();
  }
}
