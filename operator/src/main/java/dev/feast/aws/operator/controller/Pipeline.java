package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.DeletionPolicy;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.PlanStatus;
import dev.feast.aws.api.v1alpha1.ResolvedImage;
import dev.feast.aws.operator.aws.AssumedRole;
import dev.feast.aws.operator.aws.AwsException;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.AwsRegions;
import dev.feast.aws.operator.controller.Outcome.Next;
import dev.feast.aws.operator.controller.ReferenceReader.Reading;
import dev.feast.aws.operator.deploy.Adoptions;
import dev.feast.aws.operator.deploy.Blocked;
import dev.feast.aws.operator.deploy.Deployer;
import dev.feast.aws.operator.deploy.Deployment;
import dev.feast.aws.operator.deploy.EndpointAnswer;
import dev.feast.aws.operator.deploy.EndpointProbe;
import dev.feast.aws.operator.deploy.Observer;
import dev.feast.aws.operator.deploy.Pace;
import dev.feast.aws.operator.deploy.ProbeRecord;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.OptionalPart;
import dev.feast.aws.operator.model.Owner;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.plan.Drift;
import dev.feast.aws.operator.plan.Plan;
import dev.feast.aws.operator.plan.Planner;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.status.Assessment;
import dev.feast.aws.operator.validation.FeatureServerConfig;
import dev.feast.aws.operator.validation.FeatureServerValidator;
import dev.feast.aws.operator.validation.FixedFields;
import dev.feast.aws.operator.validation.ImageWish;
import dev.feast.aws.operator.validation.Referenced;
import dev.feast.aws.operator.validation.Validation;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
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

  private static final String DISABLED = "feature_server.enabled is false";

  private final String clusterId;
  private final ReferenceReader references;
  private final FeatureServerValidator validator;
  private final TenantPolicy policy;
  private final AwsRegions regions;
  private final Images images;
  private final Observer observer;
  private final Planner planner;
  private final Deployer deployer;
  private final EndpointProbe endpoints;
  private final Passes passes;
  private final Pace pace;
  private final InstantSource clock;
  private final AdoptionProgress adoptions;

  Pipeline(
      String clusterId,
      ReferenceReader references,
      FeatureServerValidator validator,
      TenantPolicy policy,
      AwsRegions regions,
      Images images,
      Observer observer,
      Planner planner,
      Deployer deployer,
      EndpointProbe endpoints,
      Passes passes,
      Pace pace,
      InstantSource clock) {
    this.clusterId = clusterId;
    this.references = references;
    this.validator = validator;
    this.policy = policy;
    this.regions = regions;
    this.images = images;
    this.observer = observer;
    this.planner = planner;
    this.deployer = deployer;
    this.endpoints = endpoints;
    this.passes = passes;
    this.pace = pace;
    this.clock = clock;
    this.adoptions = new AdoptionProgress(pace, clock);
  }

  /** Brings AWS to what the spec says, as far as that goes now. */
  Outcome run(FeatureServer resource, Announcement announcement) {
    FeatureServerStatus before = Facts.of(resource).withPlan(null);
    if (resource.getSpec().suspend() && !PlanMode.isOn(resource)) {
      return Outcome.resync(Assessments.suspended(before));
    }
    return switch (references.read(resource)) {
      case Reading.Missing(String reason, String message) ->
          Outcome.resync(Assessments.waiting(before, reason, message));
      case Reading.Forbidden(String message) ->
          Outcome.backoff(Assessments.waiting(before, ReferencedObjects.FORBIDDEN, message));
      case Reading.Found(Referenced referenced) ->
          switch (validator.validate(
              resource.getSpec(),
              Adoption.asked(resource.getMetadata().getAnnotations()),
              referenced,
              policy.of(resource.getMetadata().getNamespace()))) {
            case Validation.Rejected rejected ->
                Outcome.resync(Assessments.rejected(before, rejected.reason(), rejected.message()));
            case Validation.Disabled() -> disable(resource, before);
            case Validation.Accepted(FeatureServerConfig config) ->
                reachingAws(resource, () -> deploy(resource, before, config, announcement));
          };
    };
  }

  /**
   * Takes down what is there, from the status alone.
   *
   * @throws AwsException when AWS cannot be asked
   */
  Removal remove(FeatureServer resource, String reason) {
    FeatureServerStatus status = Facts.of(resource);
    if (status.region() == null) {
      return new Removal.Nothing();
    }
    AwsRegion aws = regions.in(status.region(), role(resource, status.assumeRoleArn()));
    if (accountChanged(status, aws)) {
      return new Removal.Refused(
          ("It cannot be taken down: "
                  + otherAccount(status, aws.location())
                  + " give it the former ones, or set deletionPolicy: Retain to let go of what is"
                  + " in %s without removing it.")
              .formatted(status.account()));
    }
    return new Removal.Begun(
        deployer.remove(aws, name(resource), allOf(resource, status, aws), reason));
  }

  /** All there is in AWS, found from the status alone. */
  private ObservedStack allOf(FeatureServer resource, FeatureServerStatus status, AwsRegion aws) {
    return observer.observeAll(
        aws,
        owner(resource),
        name(resource),
        apiId(aws, owner(resource), status),
        Facts.optionalParts(status));
  }

  /** The API of the status; or else one that a pass which died may have claimed, if it is ours. */
  private static @Nullable String apiId(AwsRegion aws, Owner owner, FeatureServerStatus status) {
    String known = Facts.apiId(status);
    String claimed = AdoptionProgress.claiming(status.adoption());
    return known == null && claimed != null && Adoptions.isClaimed(aws, owner, claimed)
        ? claimed
        : known;
  }

  private String name(FeatureServer resource) {
    return StackName.of(owner(resource));
  }

  /**
   * What is in AWS now, for people: more than the status says where a pass was killed. Where AWS
   * cannot be asked, what the status says.
   */
  String left(FeatureServer resource) {
    FeatureServerStatus status = Facts.of(resource);
    if (status.region() == null) {
      return Facts.left(status);
    }
    try {
      AwsRegion aws = regions.in(status.region(), role(resource, status.assumeRoleArn()));
      return accountChanged(status, aws)
          ? Facts.left(status)
          : Facts.left(allOf(resource, status, aws), name(resource), status.region());
    } catch (AwsException e) {
      return Facts.left(status);
    }
  }

  private Outcome deploy(
      FeatureServer resource,
      FeatureServerStatus before,
      FeatureServerConfig config,
      Announcement announcement) {
    Optional<String> moved = FixedFields.changed(before, config);
    if (moved.isPresent()) {
      return Outcome.resync(Assessments.rejected(before, FixedFields.CHANGED, moved.get()));
    }
    AwsRegion aws = regions.in(config.region(), role(resource, config.assumeRoleArn()));
    if (accountChanged(before, aws)) {
      return Outcome.backoff(
          Assessments.otherAccount(
              before,
              otherAccount(before, aws.location())
                  + " give it the former ones, or delete this FeatureServer with them and create it"
                  + " anew."));
    }
    return switch (images.resolve(resource, config.image(), aws)) {
      case Images.Resolution.Unavailable unavailable ->
          unavailable.stalled()
              ? Outcome.resync(Assessments.imageUnavailable(before, unavailable))
              : Outcome.backoff(Assessments.imageUnavailable(before, unavailable));
      case Images.Resolution.Resolved image ->
          deploy(resource, before, config, aws, image, announcement);
    };
  }

  private Outcome deploy(
      FeatureServer resource,
      FeatureServerStatus found,
      FeatureServerConfig config,
      AwsRegion aws,
      Images.Resolution.Resolved image,
      Announcement announcement) {
    DesiredStack desired = StackBuilder.build(owner(resource), aws.location(), config, image);
    long generation = resource.getMetadata().getGeneration();
    var resolved = new ResolvedImage(config.image().text(), image.image().digest(), generation);
    boolean plansOnly = PlanMode.isOn(resource);
    // Before the place is fixed: where there is nothing to adopt, it may be what is wrong.
    if (config.adoption() != null
        && found.region() == null
        && look(aws, desired, config, found) instanceof Adoptions.Found.Refused refused) {
      return Outcome.resync(Assessments.notAdopted(found, refused));
    }
    FeatureServerStatus before =
        plansOnly
            ? Facts.planned(found, resolved)
            : placed(found, config, desired, resolved, announcement);
    ObservedStack observed;
    switch (look(aws, desired, config, before)) {
      case Adoptions.Found.Refused refused -> {
        return Outcome.resync(Assessments.notAdopted(before, refused));
      }
      case Adoptions.Found.Ready(ObservedStack ready) -> observed = ready;
    }
    if (!observed.foreign().isEmpty()) {
      return Outcome.resync(Assessments.foreign(before, observed.foreign()));
    }
    Optional<String> unreadable = unreadable(desired, observed);
    if (unreadable.isPresent()) {
      return Outcome.backoff(Assessments.unreadable(before, unreadable.get()));
    }
    Plan plan = planner.plan(desired, observed);
    if (plansOnly) {
      return Outcome.resync(
          Assessments.planned(before, PlanMode.plan(resource, plan, desired.name(), observed)));
    }
    if (config.adoption() != null && observed.claim() != null) {
      FeatureServerStatus claiming =
          adoptions.claiming(before, config.adoption(), observed.claim());
      before =
          claiming.equals(before) ? before : announcement.announce(Assessments.starting(claiming));
    }
    List<String> drift = Drift.of(desired, observed, Facts.known(before), plan);
    Deployment deployment =
        deployer.deploy(aws, desired, observed, image.delivery(), probes(found, generation));
    EndpointAnswer answer = answer(desired, deployment);
    boolean wrongForLong =
        answer instanceof EndpointAnswer.Wrong
            && Facts.answersWronglySince(before, clock.instant().minus(pace.endpoint()));
    FeatureServerStatus facts =
        Facts.deployed(before, desired, observed, deployment, answer, resolved)
            .withAdoption(
                adoptions.after(before.adoption(), desired, observed, deployment, answer));
    return new Outcome(
        Assessments.deployed(facts, desired, deployment, answer, wrongForLong),
        next(deployment, answer),
        deployment.applied(),
        drift,
        new ClientStore(config.project(), config.registry().url()));
  }

  /** What there is, and where the annotation asks for it, what is to be adopted. */
  private Adoptions.Found look(
      AwsRegion aws, DesiredStack desired, FeatureServerConfig config, FeatureServerStatus before) {
    ObservedStack observed =
        observer
            .observe(
                aws,
                desired.owner(),
                desired.name(),
                apiId(aws, desired.owner(), before),
                OptionalPart.union(Facts.optionalParts(before), desired.optionalParts()))
            .havingServed(Facts.served(before))
            .havingVerified(Facts.verified(before))
            .adoptedSoFar(desired, AdoptionProgress.replaced(before.adoption()));
    Adoption adoption = config.adoption();
    return adoption == null
            || AdoptionProgress.isDone(adoption, before.adoption())
            || !observed.foreign().isEmpty()
        ? new Adoptions.Found.Ready(observed)
        : Adoptions.find(aws, desired, adoption, observed);
  }

  /** Asks the endpoint once all that callers need is as it should be. */
  private EndpointAnswer answer(DesiredStack desired, Deployment deployment) {
    return deployment.rolledOut()
        ? passes.aside(() -> endpoints.ask(deployment.now().requireApi().endpoint(), desired))
        : new EndpointAnswer.NotAsked();
  }

  /**
   * Why nobody can say whether the function's environment is as it should be. One that is under
   * another key than is wanted does not matter: it is set anew.
   */
  private static Optional<String> unreadable(DesiredStack desired, ObservedStack observed) {
    if (observed.function() == null) {
      return Optional.empty();
    }
    FunctionSettings found = observed.function().configuration().settings();
    String key = found.kmsKeyArn();
    return Optional.ofNullable(found.environment().unreadable())
        .filter(_ -> key.equals(desired.function().settings().kmsKeyArn()))
        .map(
            why ->
                ("lambda:GetFunction of %s: the environment cannot be decrypted: %s. Enable the KMS"
                        + " key %s, and allow the operator's role kms:Decrypt on it.")
                    .formatted(desired.name(), why, key));
  }

  /**
   * The status with the place in it where everything is made, with what is made for this spec and
   * not for every one, and with the digest of a tag. It is written before anything is made:
   * deletion then finds what there is, and the next pass takes the same image, whenever the
   * operator dies. The shipped image is not looked up anywhere.
   */
  private static FeatureServerStatus placed(
      FeatureServerStatus before,
      FeatureServerConfig config,
      DesiredStack desired,
      ResolvedImage resolved,
      Announcement announcement) {
    boolean known =
        config.image() instanceof ImageWish.Shipped
            || Facts.resolved(before).filter(resolved::equals).isPresent();
    boolean placed =
        before.region() != null && Objects.equals(before.assumeRoleArn(), config.assumeRoleArn());
    return placed && known && Facts.optionalParts(before).containsAll(desired.optionalParts())
        ? before
        : announcement.announce(
            Assessments.starting(
                Facts.placed(before, config.project(), desired, config.assumeRoleArn(), resolved)));
  }

  private Outcome disable(FeatureServer resource, FeatureServerStatus before) {
    if (PlanMode.isOn(resource)) {
      return reachingAws(resource, () -> planRemoval(resource, before));
    }
    if (resource.getSpec().deletionPolicy() == DeletionPolicy.Retain) {
      String message = DISABLED + "; deletionPolicy Retain leaves " + left(resource) + ".";
      return Outcome.resync(Assessments.retained(before, message));
    }
    String message = DISABLED + ": nothing is deployed.";
    return reachingAws(
        resource,
        () ->
            switch (remove(resource, DISABLED)) {
              case Removal.Nothing() -> Outcome.resync(Assessments.disabled(before, message));
              case Removal.Refused(String why) ->
                  Outcome.backoff(Assessments.removalRefused(before, why));
              case Removal.Begun(Deployment removal) -> {
                FeatureServerStatus removed = Facts.removed(before, removal);
                FeatureServerStatus facts =
                    removal.blocker().isPresent()
                        ? removed
                        : removed.withAdoption(adoptions.afterRemoval(before.adoption()));
                yield new Outcome(
                    removal
                        .blocker()
                        .map(blocked -> Assessments.removing(facts, blocked))
                        .orElseGet(() -> Assessments.disabled(facts, message)),
                    next(removal),
                    removal.applied());
              }
            });
  }

  /** The status as it is by then: what the pass announced stays in it. */
  private static Outcome reachingAws(FeatureServer resource, Supplier<Outcome> pass) {
    try {
      return pass.get();
    } catch (AwsException e) {
      return Outcome.backoff(Assessments.unreachable(Facts.of(resource).withPlan(null), e));
    }
  }

  /** What being disabled would take down. */
  private Outcome planRemoval(FeatureServer resource, FeatureServerStatus before) {
    if (before.region() == null || resource.getSpec().deletionPolicy() == DeletionPolicy.Retain) {
      return Outcome.resync(
          Assessments.planned(
              before, new PlanStatus(resource.getMetadata().getGeneration(), List.of())));
    }
    AwsRegion aws = regions.in(before.region(), role(resource, before.assumeRoleArn()));
    if (accountChanged(before, aws)) {
      return Outcome.backoff(
          Assessments.otherAccount(
              before, otherAccount(before, aws.location()) + " give it the former ones."));
    }
    ObservedStack observed = allOf(resource, before, aws);
    Plan plan = planner.planRemoval(observed, DISABLED);
    return Outcome.resync(
        Assessments.planned(before, PlanMode.plan(resource, plan, name(resource), observed)));
  }

  private static Next next(Deployment deployment, EndpointAnswer answer) {
    return switch (answer) {
      case EndpointAnswer.Available _, EndpointAnswer.NotAsked _ -> next(deployment);
      case EndpointAnswer.Wrong _, EndpointAnswer.Unreachable _ -> new Next.Backoff();
    };
  }

  private static Next next(Deployment deployment) {
    Blocked blocked = deployment.blocked();
    if (blocked == null) {
      return new Next.Resync();
    }
    if (blocked.retryAfter() == null) {
      return new Next.Backoff();
    }
    return blocked.reason().equals(Blocked.ENDPOINT_PENDING)
        ? new Next.NotBefore(blocked.retryAfter())
        : new Next.After(blocked.retryAfter());
  }

  /** A new generation is a reason to probe at once. */
  private static @Nullable ProbeRecord probes(FeatureServerStatus before, long generation) {
    return before.observedGeneration() != null && before.observedGeneration() == generation
        ? Facts.probes(before)
        : null;
  }

  private static boolean accountChanged(FeatureServerStatus before, AwsRegion aws) {
    return before.account() != null && !before.account().equals(aws.location().account());
  }

  /** Credentials change without a change of the spec, and back: it is no mistake in that. */
  private static String otherAccount(FeatureServerStatus before, Location now) {
    return ("The AWS account is %s since the first deployment, but the operator's credentials, its"
            + " own or those of spec.aws.assumeRoleArn, are of %s:")
        .formatted(before.account(), now.account());
  }

  private @Nullable AssumedRole role(FeatureServer resource, @Nullable String arn) {
    return arn == null
        ? null
        : AssumedRole.of(arn, clusterId, resource.getMetadata().getNamespace());
  }

  private Owner owner(FeatureServer resource) {
    var metadata = resource.getMetadata();
    return new Owner(clusterId, metadata.getNamespace(), metadata.getName(), metadata.getUid());
  }
}
