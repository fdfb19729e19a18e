package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.ApiStatus;
import dev.feast.aws.api.v1alpha1.Authorization;
import dev.feast.aws.api.v1alpha1.CandidateStatus;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.DeployedStatus;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.FunctionStatus;
import dev.feast.aws.api.v1alpha1.ImageStatus;
import dev.feast.aws.api.v1alpha1.RegistryStatus;
import dev.feast.aws.api.v1alpha1.RepositoryStatus;
import dev.feast.aws.api.v1alpha1.ResolvedImage;
import dev.feast.aws.operator.deploy.Blocked;
import dev.feast.aws.operator.deploy.Deployment;
import dev.feast.aws.operator.deploy.EndpointAnswer;
import dev.feast.aws.operator.deploy.ProbeRecord;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Guard;
import dev.feast.aws.operator.model.ObservedStack.Version;
import dev.feast.aws.operator.model.OptionalPart;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.plan.Drift;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
          Optional.ofNullable(candidate.message()).orElse(""),
          Optional.ofNullable(candidate.log()).orElse(""));
    } catch (NumberFormatException | DateTimeParseException e) {
      return null; // Somebody edited the status: probe at once.
    }
  }

  /** What was in AWS when a pass last found everything there, for drift to be told from change. */
  static Drift.Known known(FeatureServerStatus status) {
    DeployedStatus deployed = status.deployed();
    return deployed == null
        ? Drift.Known.NOTHING
        : new Drift.Known(
            Optional.ofNullable(deployed.hash()).orElse(""),
            Optional.ofNullable(deployed.version()).map(Facts::number).orElse(0L));
  }

  /**
   * The version that passed its probe, and waits for what else was changed to be known everywhere
   * before it gets the traffic; 0 where none does.
   */
  static long verified(FeatureServerStatus status) {
    CandidateStatus candidate = status.function() == null ? null : status.function().candidate();
    return candidate == null || candidate.failedProbes() > 0 ? 0 : number(candidate.version());
  }

  /** The version that had the traffic when the operator looked last; 0 where none had. */
  static long served(FeatureServerStatus status) {
    String version = status.function() == null ? null : status.function().version();
    return version == null ? 0 : number(version);
  }

  private static long number(String version) {
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      return 0; // Somebody edited the status.
    }
  }

  /** Whether the endpoint has answered wrongly since before that time. */
  static boolean answersWronglySince(FeatureServerStatus status, Instant then) {
    return status
        .condition(ConditionType.ENDPOINT_AVAILABLE)
        .filter(condition -> condition.reason().equals(Assessments.ENDPOINT_WRONG))
        .filter(condition -> isBefore(condition.lastTransitionTime(), then))
        .isPresent();
  }

  private static boolean isBefore(String time, Instant then) {
    try {
      return Instant.parse(time).isBefore(then);
    } catch (DateTimeParseException e) {
      return false; // Somebody edited the status: it is written anew.
    }
  }

  private static @Nullable DeployedStatus deployed(
      @Nullable DeployedStatus before, DesiredStack desired, Deployment deployment) {
    if (deployment.blocker().isEmpty()) {
      return new DeployedStatus(
          desired.endpointHash(),
          deployment.now().liveVersion().map(version -> Long.toString(version)).orElse(null));
    }
    return before == null ? null : new DeployedStatus(before.hash(), null);
  }

  /** What an image of a spec was resolved to, be it this spec's or a former one's. */
  static Optional<ResolvedImage> resolved(FeatureServerStatus status) {
    return Optional.ofNullable(status.image()).map(ImageStatus::resolved);
  }

  /**
   * Before anything is made: where it will be made, and as whom, so that deletion finds it whatever
   * happens, and by which digest, so that a pass that dies changes nothing of that.
   */
  static FeatureServerStatus placed(
      FeatureServerStatus before,
      String project,
      DesiredStack desired,
      @Nullable String assumeRoleArn,
      ResolvedImage resolved) {
    Location location = desired.location();
    return resolved(
        before,
        project,
        location.region(),
        location.account(),
        assumeRoleArn,
        resolved,
        union(optionalParts(before), desired.optionalParts()));
  }

  /**
   * What a plan leaves behind beside itself: the digest that the image was resolved to, so that
   * what is applied later is what was planned. Nothing is bound to a place yet.
   */
  static FeatureServerStatus planned(FeatureServerStatus before, ResolvedImage resolved) {
    return resolved(
        before,
        before.project(),
        before.region(),
        before.account(),
        before.assumeRoleArn(),
        resolved,
        before.optionalParts());
  }

  private static FeatureServerStatus resolved(
      FeatureServerStatus before,
      @Nullable String project,
      @Nullable String region,
      @Nullable String account,
      @Nullable String assumeRoleArn,
      ResolvedImage resolved,
      List<dev.feast.aws.api.v1alpha1.OptionalPart> optionalParts) {
    ImageStatus image = before.image();
    return new FeatureServerStatus(
        before.observedGeneration(),
        project,
        region,
        account,
        assumeRoleArn,
        before.endpoint(),
        before.authorization(),
        before.conditions(),
        before.function(),
        image == null
            ? new ImageStatus(null, null, resolved)
            : new ImageStatus(image.uri(), image.digest(), resolved),
        before.repository(),
        before.api(),
        before.adoption(),
        before.registry(),
        before.deployed(),
        optionalParts,
        null);
  }

  /** What is looked for in AWS beside what every FeatureServer has. */
  static Set<OptionalPart> optionalParts(FeatureServerStatus status) {
    Set<OptionalPart> parts = EnumSet.noneOf(OptionalPart.class);
    for (dev.feast.aws.api.v1alpha1.OptionalPart part : status.optionalParts()) {
      parts.add(
          switch (part) {
            case ProvisionedConcurrency -> OptionalPart.PROVISIONED_CONCURRENCY;
            case LogGroup -> OptionalPart.LOG_GROUP;
            case JwtAuthorizer -> OptionalPart.JWT_AUTHORIZER;
            case SecondApi -> OptionalPart.SECOND_API;
          });
    }
    return parts;
  }

  private static List<dev.feast.aws.api.v1alpha1.OptionalPart> union(
      Set<OptionalPart> one, Set<OptionalPart> other) {
    return OptionalPart.union(one, other).stream()
        .map(
            part ->
                switch (part) {
                  case PROVISIONED_CONCURRENCY ->
                      dev.feast.aws.api.v1alpha1.OptionalPart.ProvisionedConcurrency;
                  case LOG_GROUP -> dev.feast.aws.api.v1alpha1.OptionalPart.LogGroup;
                  case JWT_AUTHORIZER -> dev.feast.aws.api.v1alpha1.OptionalPart.JwtAuthorizer;
                  case SECOND_API -> dev.feast.aws.api.v1alpha1.OptionalPart.SecondApi;
                })
        .toList();
  }

  /**
   * After a deployment, complete or not. The endpoint appears with the first complete one and stays
   * while it serves.
   *
   * @param found what was there before it
   * @param answer what the endpoint said to it
   */
  static FeatureServerStatus deployed(
      FeatureServerStatus before,
      DesiredStack desired,
      ObservedStack found,
      Deployment deployment,
      EndpointAnswer answer,
      ResolvedImage resolved) {
    ObservedStack now = deployment.now();
    return new FeatureServerStatus(
        before.observedGeneration(),
        before.project(),
        desired.location().region(),
        desired.location().account(),
        before.assumeRoleArn(),
        deployment.rolledOut() ? now.requireApi().endpoint() : before.endpoint(),
        authorization(desired, now).orElse(before.authorization()),
        before.conditions(),
        function(desired, deployment),
        image(before.image(), desired, now, resolved),
        now.repository() == null
            ? null
            : new RepositoryStatus(
                now.repository().name(), now.repository().arn(), now.repository().uri()),
        now.api() == null ? null : new ApiStatus(now.api().id(), now.api().name()),
        before.adoption(),
        registry(before.registry(), deployment, answer),
        deployed(before.deployed(), desired, deployment),
        union(desired.optionalParts(), partsLeft(before, found, deployment)),
        null);
  }

  private static Set<OptionalPart> partsLeft(
      FeatureServerStatus before, ObservedStack found, Deployment deployment) {
    Set<OptionalPart> parts = EnumSet.noneOf(OptionalPart.class);
    // What is left to do may be just that.
    parts.addAll(
        deployment.blocker().isEmpty() ? deployment.now().optionalParts() : optionalParts(before));
    if (mayHaveSecondApi(before, found, deployment)) {
      parts.add(OptionalPart.SECOND_API);
    }
    return parts;
  }

  /**
   * Whether a pass whose end nobody saw may have made an API that a listing does not show yet. A
   * pass makes alias and API together: an alias without an API that the status knows is what such a
   * one leaves. The pass right after it may find nothing to do and listings still behind; they have
   * caught up by the first that finds nothing to do after one that was complete, which is a resync.
   */
  private static boolean mayHaveSecondApi(
      FeatureServerStatus before, ObservedStack found, Deployment deployment) {
    boolean apiWasKnown = found.api() != null && found.api().id().equals(apiId(before));
    boolean looksStill = optionalParts(before).contains(OptionalPart.SECOND_API);
    return (found.liveVersion().isPresent() && !apiWasKnown)
        || (looksStill && !(wasComplete(before) && deployment.applied().isEmpty()));
  }

  private static boolean wasComplete(FeatureServerStatus before) {
    return before
        .condition(ConditionType.RECONCILING)
        .filter(condition -> condition.status() == ConditionStatus.False)
        .isPresent();
  }

  /**
   * Who gets through to the version that has the traffic: the least that any of the routes asks
   * for, and where one asks for nothing, what that version asks for. Empty where nobody can know.
   */
  private static Optional<Authorization> authorization(DesiredStack desired, ObservedStack now) {
    Optional<Version> live = now.live();
    if (now.api() == null || live.isEmpty()) {
      return Optional.empty();
    }
    List<Guard> guards = desired.guards(now.api());
    if (guards.stream().anyMatch(Guard::isOpen)) {
      Environment environment = live.get().settings().environment();
      return environment.unreadable() != null
          ? Optional.empty()
          : Optional.of(environment.asksForKeys() ? Authorization.APIKey : Authorization.None);
    }
    if (guards.stream().anyMatch(Guard::isIam)) {
      return Optional.of(Authorization.IAM);
    }
    return guards.stream().anyMatch(Guard::isJwt)
        ? Optional.of(Authorization.JWT)
        : Optional.empty();
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
        before.assumeRoleArn(),
        now.api() == null ? null : before.endpoint(),
        now.api() == null ? null : before.authorization(),
        before.conditions(),
        now.function() == null ? null : before.function(),
        before.image(),
        now.repository() == null ? null : before.repository(),
        now.api() == null ? null : before.api(),
        before.adoption(),
        now.function() == null ? null : before.registry(),
        null,
        before.optionalParts(),
        null);
  }

  /**
   * What stays in AWS, for people.
   *
   * @param name of function and repository
   */
  static String left(ObservedStack observed, String name, String region) {
    var left = new ArrayList<String>();
    if (observed.api() != null) {
      left.add("API " + observed.api().id());
    }
    observed.surplusApis().forEach(id -> left.add("API " + id));
    if (observed.function() != null) {
      left.add("Lambda function " + name);
    }
    if (observed.repository() != null) {
      left.add("ECR repository " + name);
    }
    if (observed.logGroup() != null && observed.logGroup().isOurs()) {
      left.add("log group " + observed.logGroup().name());
    }
    return left(left, region);
  }

  /** The same as far as the status knows it, where AWS cannot be asked. */
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
    if (status.function() != null && optionalParts(status).contains(OptionalPart.LOG_GROUP)) {
      left.add("log group " + StackName.logGroup(status.function().name()));
    }
    return left(left, status.region());
  }

  private static String left(List<String> objects, @Nullable String region) {
    return objects.isEmpty() ? "nothing" : "%s in %s".formatted(String.join(", ", objects), region);
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
        deployment.failedProbes().map(Facts::candidate).or(() -> waiting(deployment)).orElse(null));
  }

  private static Optional<CandidateStatus> waiting(Deployment deployment) {
    long verified = deployment.now().requireFunction().verified();
    return deployment
        .blocker()
        .filter(blocked -> blocked.reason().equals(Blocked.ENDPOINT_PENDING))
        .filter(_ -> verified != 0 && !deployment.now().liveVersion().equals(Optional.of(verified)))
        .map(_ -> new CandidateStatus(Long.toString(verified), 0, null, null, null));
  }

  private static CandidateStatus candidate(ProbeRecord probes) {
    return new CandidateStatus(
        Long.toString(probes.version()),
        probes.failed(),
        probes.last().toString(),
        probes.message(),
        probes.log().isEmpty() ? null : probes.log());
  }

  /** The live version's image; the one that is desired may still be on its way. */
  private static ImageStatus image(
      @Nullable ImageStatus before,
      DesiredStack desired,
      ObservedStack now,
      ResolvedImage resolved) {
    Optional<Version> live = now.live();
    if (live.isEmpty()) {
      return new ImageStatus(null, null, resolved);
    }
    String digest = live.get().digest();
    if (!live.get().image().isEmpty()) {
      return new ImageStatus(live.get().image(), digest, resolved);
    }
    // Lambda does not tell where it is from.
    if (desired.isLive(now)) {
      return new ImageStatus(desired.imageUri(now).orElse(null), digest, resolved);
    }
    return before != null && digest.equals(before.digest())
        ? new ImageStatus(before.uri(), digest, resolved)
        : new ImageStatus(null, digest, resolved);
  }

  /**
   * As the live version reported it, through the endpoint or else when it was probed: one that only
   * was tried says nothing of what callers get. Before any version is live, as the one says that is
   * tried: then it is what keeps the endpoint away.
   */
  private static @Nullable RegistryStatus registry(
      @Nullable RegistryStatus before, Deployment deployment, EndpointAnswer answer) {
    if (deployment.now().function() == null) {
      return null;
    }
    if (answer instanceof EndpointAnswer.Available(String _, Health health, boolean _)
        && health != null) {
      return registry(health);
    }
    Optional<Long> live = deployment.now().liveVersion();
    boolean counts = live.isEmpty() || live.get() == deployment.now().requireFunction().verified();
    if (!counts) {
      return before;
    }
    // A version that got the traffic unasked: what the former one said is not what callers get.
    boolean unasked = live.isPresent() && deployment.reported().isEmpty();
    return unasked ? null : deployment.reported().map(Facts::registry).orElse(before);
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
