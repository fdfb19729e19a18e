package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.DeletionPolicy;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.ImageStatus;
import dev.feast.aws.operator.aws.AwsException;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.AwsRegions;
import dev.feast.aws.operator.controller.FeatureStoreSources.Source;
import dev.feast.aws.operator.controller.Outcome.Next;
import dev.feast.aws.operator.deploy.Blocked;
import dev.feast.aws.operator.deploy.Deployer;
import dev.feast.aws.operator.deploy.Deployment;
import dev.feast.aws.operator.deploy.Observer;
import dev.feast.aws.operator.deploy.ProbeRecord;
import dev.feast.aws.operator.deploy.Stage;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.Owner;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.status.Assessment;
import dev.feast.aws.operator.validation.FeatureServerConfig;
import dev.feast.aws.operator.validation.FeatureServerValidator;
import dev.feast.aws.operator.validation.Validation;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one FeatureServer: its spec is validated, what it desires is compared with what is
 * observed in AWS, and the difference is applied. Knows nothing of JOSDK; writes nothing to
 * Kubernetes.
 */
final class Pipeline {
  /** Writes an assessment into the resource's status in the middle of a pass. */
  @FunctionalInterface
  interface Announcement {
    /** Returns the status as it is then. */
    FeatureServerStatus announce(Assessment assessment);
  }

  private final String clusterId;
  private final FeatureStoreSources sources;
  private final FeatureServerValidator validator;
  private final AwsRegions regions;
  private final Images images;
  private final Observer observer;
  private final Deployer deployer;

  Pipeline(
      String clusterId,
      FeatureStoreSources sources,
      FeatureServerValidator validator,
      AwsRegions regions,
      Images images,
      Observer observer,
      Deployer deployer) {
    this.clusterId = clusterId;
    this.sources = sources;
    this.validator = validator;
    this.regions = regions;
    this.images = images;
    this.observer = observer;
    this.deployer = deployer;
  }

  /** Brings AWS to what the spec says, as far as that goes now. */
  Outcome run(FeatureServer resource, Announcement announcement) {
    FeatureServerStatus before = Facts.of(resource);
    if (resource.getSpec().suspend()) {
      return Outcome.resync(Assessments.suspended(before));
    }
    return switch (sources.read(resource)) {
      case Source.Missing(String reason, String message) ->
          Outcome.resync(Assessments.waiting(before, reason, message));
      case Source.Found(String text) ->
          switch (validator.validate(resource.getSpec(), text)) {
            case Validation.Rejected rejected ->
                Outcome.resync(Assessments.rejected(before, rejected.reason(), rejected.message()));
            case Validation.Disabled() -> disable(resource, before);
            case Validation.Accepted(FeatureServerConfig config) ->
                reachingAws(before, () -> deploy(resource, before, config, announcement));
          };
    };
  }

  /**
   * Takes down what is there, from the status alone.
   *
   * @return the removal; empty where nothing was ever made
   * @throws AwsException when AWS cannot be asked
   */
  Optional<Deployment> remove(FeatureServer resource, String reason) {
    FeatureServerStatus status = Facts.of(resource);
    if (status.region() == null) {
      return Optional.empty();
    }
    AwsRegion aws = regions.in(status.region());
    Owner owner = owner(resource);
    String name = StackName.of(owner);
    if (status.account() != null && !status.account().equals(aws.location().account())) {
      return Optional.of(
          new Deployment(
              ObservedStack.EMPTY, List.of(), accountChanged(status, aws.location()), null, null));
    }
    ObservedStack observed = observer.observe(aws, owner, name, Facts.apiId(status), null);
    return Optional.of(deployer.remove(aws, name, observed, reason));
  }

  private Outcome deploy(
      FeatureServer resource,
      FeatureServerStatus before,
      FeatureServerConfig config,
      Announcement announcement) {
    Optional<String> moved = movedRegionOrProject(before, config);
    if (moved.isPresent()) {
      return Outcome.resync(Assessments.rejected(before, "FixedFieldChanged", moved.get()));
    }
    AwsRegion aws = regions.in(config.region());
    if (before.account() != null && !before.account().equals(aws.location().account())) {
      return Outcome.resync(
          Assessments.rejected(
              before, "FixedFieldChanged", accountChanged(before, aws.location()).message()));
    }
    return switch (images.resolve(resource, config.image(), aws)) {
      case Images.Resolution.Unavailable unavailable ->
          unavailable.stalled()
              ? Outcome.resync(Assessments.imageUnavailable(before, unavailable))
              : Outcome.backoff(Assessments.imageUnavailable(before, unavailable));
      case Images.Resolution.Resolved image ->
          deploy(
              resource,
              placed(before, resource, config, aws, image, announcement),
              config,
              aws,
              image);
    };
  }

  private Outcome deploy(
      FeatureServer resource,
      FeatureServerStatus before,
      FeatureServerConfig config,
      AwsRegion aws,
      Images.Resolution.Resolved image) {
    DesiredStack desired = StackBuilder.build(owner(resource), aws.location(), config, image);
    long generation = resource.getMetadata().getGeneration();
    ObservedStack observed =
        observer.observe(
            aws, desired.owner(), desired.name(), Facts.apiId(before), desired.image().digest());
    if (!observed.foreign().isEmpty()) {
      return Outcome.resync(Assessments.foreign(before, observed.foreign()));
    }
    Deployment deployment =
        deployer.deploy(aws, desired, observed, image.delivery(), probes(before, generation));
    FeatureServerStatus facts =
        Facts.deployed(before, desired, deployment, config.image().text(), generation);
    return new Outcome(
        Assessments.deployed(facts, deployment), next(deployment), deployment.applied());
  }

  /**
   * The status with the place in it where everything is made. It is written before anything is, so
   * that deletion finds what there is whenever the operator dies.
   */
  private static FeatureServerStatus placed(
      FeatureServerStatus before,
      FeatureServer resource,
      FeatureServerConfig config,
      AwsRegion aws,
      Images.Resolution.Resolved image,
      Announcement announcement) {
    if (before.region() != null) {
      return before;
    }
    ImageStatus resolved =
        new ImageStatus(
            null,
            image.image().digest(),
            config.image().text(),
            resource.getMetadata().getGeneration());
    return announcement.announce(
        Assessments.starting(Facts.placed(before, config.project(), aws.location(), resolved)));
  }

  private Outcome disable(FeatureServer resource, FeatureServerStatus before) {
    if (resource.getSpec().deletionPolicy() == DeletionPolicy.Retain) {
      String message =
          "feature_server.enabled is false; deletionPolicy Retain leaves "
              + Facts.left(before)
              + ".";
      return Outcome.resync(Assessments.disabled(before, message));
    }
    String message = "feature_server.enabled is false: nothing is deployed.";
    return reachingAws(
        before,
        () ->
            remove(resource, "feature_server.enabled is false")
                .map(
                    removal ->
                        new Outcome(
                            removal
                                .blocker()
                                .map(
                                    blocked ->
                                        Assessments.removing(
                                            Facts.removed(before, removal), blocked))
                                .orElseGet(
                                    () ->
                                        Assessments.disabled(
                                            Facts.removed(before, removal), message)),
                            next(removal),
                            removal.applied()))
                .orElseGet(() -> Outcome.resync(Assessments.disabled(before, message))));
  }

  private static Outcome reachingAws(FeatureServerStatus before, Supplier<Outcome> pass) {
    try {
      return pass.get();
    } catch (AwsException e) {
      return Outcome.backoff(Assessments.unreachable(before, e));
    }
  }

  private static Next next(Deployment deployment) {
    Blocked blocked = deployment.blocked();
    if (blocked == null) {
      return new Next.Resync();
    }
    return blocked.retryAfter() == null ? new Next.Backoff() : new Next.After(blocked.retryAfter());
  }

  /** A new generation is a reason to probe at once. */
  private static @Nullable ProbeRecord probes(FeatureServerStatus before, long generation) {
    return before.observedGeneration() != null && before.observedGeneration() == generation
        ? Facts.probes(before)
        : null;
  }

  private static Optional<String> movedRegionOrProject(
      FeatureServerStatus before, FeatureServerConfig config) {
    if (before.region() != null && !before.region().equals(config.region())) {
      return Optional.of(fixed("region", before.region(), config.region()));
    }
    if (before.project() != null && !before.project().equals(config.project())) {
      return Optional.of(fixed("project", before.project(), config.project()));
    }
    return Optional.empty();
  }

  private static String fixed(String what, String used, String wanted) {
    return ("The %s is %s since the first deployment and cannot become %s: set it back, or delete"
            + " this FeatureServer and create it anew.")
        .formatted(what, used, wanted);
  }

  private static Blocked accountChanged(FeatureServerStatus before, Location now) {
    return new Blocked(
        Stage.ENDPOINT,
        "FixedFieldChanged",
        ("The AWS account is %s since the first deployment, but the operator's credentials are of"
             + " %s: give it the former ones, or delete this FeatureServer with them and create it"
             + " anew.")
            .formatted(before.account(), now.account()),
        null);
  }

  private Owner owner(FeatureServer resource) {
    var metadata = resource.getMetadata();
    return new Owner(clusterId, metadata.getNamespace(), metadata.getName(), metadata.getUid());
  }
}
