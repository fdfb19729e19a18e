package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.ApiStatus;
import dev.feast.aws.api.v1alpha1.CandidateStatus;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.FunctionStatus;
import dev.feast.aws.api.v1alpha1.ImageStatus;
import dev.feast.aws.api.v1alpha1.RegistryStatus;
import dev.feast.aws.api.v1alpha1.RepositoryStatus;
import dev.feast.aws.operator.deploy.Deployment;
import dev.feast.aws.operator.deploy.ProbeRecord;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.ObservedStack;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of the status that says what is in AWS, and what is read back from it. */
final class Facts {
  private Facts() {}

  static FeatureServerStatus of(FeatureServer resource) {
    FeatureServerStatus status = resource.getStatus();
    return status == null ? FeatureServerStatus.empty() : status;
  }

  static @Nullable String apiId(FeatureServerStatus status) {
    return status.api() == null ? null : status.api().id();
  }

  /** The failed probes of the version that has no traffic yet. */
  static @Nullable ProbeRecord probes(FeatureServerStatus status) {
    CandidateStatus candidate = status.function() == null ? null : status.function().candidate();
    if (candidate == null || candidate.lastProbeTime() == null) {
      return null;
    }
    try {
      return new ProbeRecord(
          Long.parseLong(candidate.version()),
          candidate.failedProbes(),
          Instant.parse(candidate.lastProbeTime()),
          Optional.ofNullable(candidate.message()).orElse(""));
    } catch (NumberFormatException | DateTimeParseException e) {
      return null; // Somebody edited the status: probe at once.
    }
  }

  /** Before anything is made: where it will be made, so that deletion finds it whatever happens. */
  static FeatureServerStatus placed(
      FeatureServerStatus before, String project, Location location, ImageStatus image) {
    return new FeatureServerStatus(
        before.observedGeneration(),
        project,
        location.region(),
        location.account(),
        before.endpoint(),
        before.conditions(),
        before.function(),
        image,
        before.repository(),
        before.api(),
        before.registry());
  }

  /**
   * After a deployment, complete or not. The endpoint appears with the first complete one and stays
   * while it serves.
   */
  static FeatureServerStatus deployed(
      FeatureServerStatus before,
      DesiredStack desired,
      Deployment deployment,
      String source,
      long resolvedGeneration) {
    ObservedStack now = deployment.now();
    boolean complete = deployment.blocker().isEmpty();
    return new FeatureServerStatus(
        before.observedGeneration(),
        before.project(),
        desired.location().region(),
        desired.location().account(),
        complete ? now.requireApi().endpoint() : before.endpoint(),
        before.conditions(),
        function(desired, deployment),
        new ImageStatus(
            desired.imageUri(now).orElse(null),
            desired.image().digest(),
            source,
            resolvedGeneration),
        now.repository() == null
            ? null
            : new RepositoryStatus(
                now.repository().name(), now.repository().arn(), now.repository().uri()),
        now.api() == null ? null : new ApiStatus(now.api().id(), now.api().name()),
        deployment.reported().map(Facts::registry).orElse(before.registry()));
  }

  /**
   * After a removal, complete or not; where it is, nothing binds the FeatureServer to a place any
   * more.
   */
  static FeatureServerStatus removed(FeatureServerStatus before, Deployment removal) {
    ObservedStack now = removal.now();
    if (removal.blocker().isEmpty()) {
      return FeatureServerStatus.empty();
    }
    return new FeatureServerStatus(
        before.observedGeneration(),
        before.project(),
        before.region(),
        before.account(),
        null,
        before.conditions(),
        now.function() == null ? null : before.function(),
        before.image(),
        now.repository() == null ? null : before.repository(),
        now.api() == null ? null : before.api(),
        now.function() == null ? null : before.registry());
  }

  /** What Retain leaves behind, for people. */
  static String left(FeatureServerStatus status) {
    var left = new ArrayList<String>();
    if (status.api() != null) {
      left.add("API " + status.api().id());
    }
    if (status.function() != null) {
      left.add("Lambda function " + status.function().name());
    }
    if (status.repository() != null) {
      left.add("ECR repository " + status.repository().name());
    }
    return left.isEmpty()
        ? "nothing"
        : "%s in %s".formatted(String.join(", ", left), status.region());
  }

  private static @Nullable FunctionStatus function(DesiredStack desired, Deployment deployment) {
    if (deployment.now().function() == null) {
      return null;
    }
    Optional<Long> live = deployment.now().liveVersion();
    return new FunctionStatus(
        desired.name(),
        desired.functionArn(),
        live.isPresent() ? DesiredStack.ALIAS : null,
        live.map(version -> Long.toString(version)).orElse(null),
        deployment.failedProbes().map(Facts::candidate).orElse(null));
  }

  private static CandidateStatus candidate(ProbeRecord probes) {
    return new CandidateStatus(
        Long.toString(probes.version()),
        probes.failed(),
        probes.last().toString(),
        probes.message());
  }

  private static RegistryStatus registry(Health health) {
    return new RegistryStatus(
        health.state(),
        health.reason(),
        health.message(),
        health.lastUpdated(),
        health.entities(),
        health.featureViews(),
        health.featureServices());
  }
}
