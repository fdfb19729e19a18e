package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsException;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.metrics.Recorder;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Provisioned;
import dev.feast.aws.operator.plan.Plan;
import dev.feast.aws.operator.plan.Planner;
import dev.feast.aws.operator.plan.Step;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the planner's first step, folds AWS' answer into what was observed, and plans anew, until
 * nothing is left or something has to be waited for. Nothing is kept between two steps but what AWS
 * says: a process that dies after any of them leaves what the next pass observes.
 */
public final class Deployer {
  private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);

  /**
   * More steps than any spec needs: a plan that does not get shorter is a bug, and must not spin.
   */
  private static final int MOST_STEPS = 200;

  private final Planner planner;
  private final Rollout rollout;
  private final Recorder recorder;

  public Deployer(Planner planner, Pace pace, InstantSource clock, Recorder recorder) {
    this.planner = planner;
    this.recorder = recorder;
    this.rollout = new Rollout(pace, clock);
  }

  /**
   * Brings AWS to what is desired, as far as that goes now.
   *
   * @param probes the failed probes of the version that waits for its turn; null where there are
   *     none or where a change is a reason to probe at once
   */
  public Deployment deploy(
      AwsRegion aws,
      DesiredStack desired,
      ObservedStack observed,
      ImageDelivery image,
      @Nullable ProbeRecord probes) {
    var applied = new ArrayList<Step>();
    ObservedStack now = observed;
    Health health = null;
    var refused = new LinkedHashMap<Step, Blocked>(); // Of those that no caller notices.
    for (int i = 0; i < MOST_STEPS; i++) {
      Plan plan = planner.plan(desired, now);
      Optional<Step> next = plan.next(refused.keySet());
      if (next.isEmpty()) {
        Blocked left = refused.values().stream().findFirst().orElse(null);
        return new Deployment(now, applied, left, true, health, null);
      }
      Step step = next.get();
      log(step);
      switch (tryStep(step, aws, desired, now, image, probes)) {
        case Applied.Done(ObservedStack after) -> {
          now = after;
          if (step.changes()) {
            applied.add(step);
            record(step);
          }
        }
        case Applied.Verified(ObservedStack after, Health reported) -> {
          now = after;
          health = reported;
          recordProbe(step, true);
        }
        case Applied.Unfit(ProbeRecord failed, Health reported) -> {
          recordProbe(step, false);
          if (failed.failed() == 1) {
            recorder.heldBack();
          }
          return new Deployment(now, applied, rollout.until(failed), false, reported, failed);
        }
        case Applied.DoneForNow(Blocked then) -> {
          applied.add(step);
          record(step);
          return new Deployment(now, applied, then, false, health, probes);
        }
        case Applied.NotYet(Blocked blocked) -> {
          if (!plan.unnoticed().contains(step)) {
            return new Deployment(now, applied, blocked, false, health, probes);
          }
          refused.put(step, blocked);
        }
      }
    }
    throw new IllegalStateException("The plan does not get shorter: " + planner.plan(desired, now));
  }

  /** Removes what is ours, callers first. */
  public Deployment remove(AwsRegion aws, String name, ObservedStack observed, String reason) {
    var applied = new ArrayList<Step>();
    ObservedStack now = observed;
    for (Step step : planner.planRemoval(observed, reason).steps()) {
      log(step);
      try {
        now = removal(step, aws, name, now);
        applied.add(step);
        record(step);
      } catch (AwsException e) {
        return new Deployment(now, applied, Blocked.by(e, Stage.of(step)), false, null, null);
      }
    }
    return new Deployment(now, applied, null, true, null, null);
  }

  private Applied tryStep(
      Step step,
      AwsRegion aws,
      DesiredStack desired,
      ObservedStack now,
      ImageDelivery image,
      @Nullable ProbeRecord probes) {
    try {
      return apply(step, aws, desired, now, image, probes);
    } catch (AwsException e) {
      return new Applied.NotYet(Blocked.by(e, Stage.of(step)));
    }
  }

  private Applied apply(
      Step step,
      AwsRegion aws,
      DesiredStack desired,
      ObservedStack now,
      ImageDelivery image,
      @Nullable ProbeRecord probes) {
    var repository = new RepositoryApplier(aws, desired.name());
    var function = new FunctionApplier(aws, desired);
    var log = new LogApplier(aws, desired.name());
    var api = new ApiApplier(aws);
    var adoption = new AdoptionApplier(aws, rollout);
    return switch (step) {
      case Step.CreateRepository _ -> done(repository.create(now, desired.tags()));
      case Step.SetRepositoryPolicy set -> done(repository.setPolicy(now, set.statements()));
      case Step.TagRepository tag -> done(repository.tag(now, tag.set(), tag.remove()));
      case Step.CopyImage copy ->
          image
              .deliverTo(now.requireRepository())
              .<Applied>map(Applied.NotYet::new)
              .orElseGet(() -> done(now.changingRepository(r -> r.withImage(copy.digest()))));
      case Step.DeleteImages delete -> done(repository.deleteImages(now, delete.digests()));
      case Step.DeleteRepository _ -> done(repository.delete(now));

      case Step.CreateLogGroup _ -> done(log.create(now, desired.tags()));
      case Step.SetLogRetention _ -> done(log.retain(now, desired.logRetentionDays()));
      case Step.TagLogGroup tag -> done(log.tag(now, tag.set(), tag.remove()));
      case Step.DeleteLogGroup _ -> done(log.delete(now));

      case Step.CreateFunction _ -> done(function.create(now));
      case Step.AwaitFunction(String reason) ->
          rollout.awaiting(
              now.requireFunction().configuration(), now.liveVersion().isPresent(), reason);
      case Step.UpdateFunctionCode(boolean again, String reason) ->
          again
              ? rollout.orLater(
                  now.requireFunction().configuration().modified(),
                  reason,
                  () -> function.updateCode(now))
              : done(function.updateCode(now));
      case Step.UpdateFunctionConfiguration _ -> done(function.updateSettings(now));
      case Step.TagFunction tag -> done(function.tag(now, tag.set(), tag.remove()));
      case Step.PublishVersion _ -> published(desired, function.publish(now));
      case Step.ProbeVersion _ -> rollout.probe(aws, desired, now, probes);
      case Step.AwaitVersion _ -> rollout.awaitVersion(aws, desired, now, probes);
      case Step.ReserveConcurrency _ -> done(function.reserveConcurrency(now));
      case Step.ProvisionVersion(boolean again, String reason) ->
          again
              ? rollout.orLater(provisioned(desired, now), reason, () -> function.provision(now))
              : done(function.provision(now));
      case Step.AwaitProvisioned(String reason) ->
          rollout.awaiting(provisioned(desired, now), now.liveVersion().isPresent(), reason, "");
      case Step.ReleaseProvisioned release ->
          done(function.releaseProvisioned(now, release.qualifier()));
      case Step.CreateAlias _ -> done(function.createAlias(now));
      case Step.MoveAlias _ -> done(function.moveAlias(now));
      case Step.DeleteVersion delete -> done(function.deleteVersion(now, delete.version()));
      case Step.DeleteFunction(boolean recreates, String reason) ->
          recreates
              ? rollout.orLater(
                  now.requireFunction().configuration().modified(),
                  reason,
                  () -> function.delete(now))
              : done(function.delete(now));

      case Step.CreateApi _ -> done(api.create(desired, now));
      case Step.UpdateApi _ -> done(api.update(desired, now));
      case Step.TagApi tag -> done(api.tag(now, tag.set(), tag.remove()));
      case Step.SetCors _ -> done(api.setCors(desired, now));
      case Step.DeleteCors _ -> done(api.deleteCors(now));
      case Step.CreateAuthorizer _ -> done(api.createAuthorizer(desired, now));
      case Step.UpdateAuthorizer update ->
          done(api.updateAuthorizer(desired, now, update.authorizerId()));
      case Step.DeleteAuthorizer delete -> done(api.deleteAuthorizer(now, delete.authorizerId()));
      case Step.CreateIntegration _ -> done(api.createIntegration(desired, now));
      case Step.UpdateIntegration update ->
          done(api.updateIntegration(desired, now, update.integrationId()));
      case Step.DeleteIntegration delete ->
          done(api.deleteIntegration(now, delete.integrationId()));
      case Step.CreateRoute create -> done(api.createRoute(desired, now, create.route()));
      case Step.UpdateRoute update ->
          done(api.updateRoute(desired, now, update.route(), update.routeId()));
      case Step.SetRouteAuthorization set ->
          done(api.setRouteAuthorization(desired, now, set.route(), set.routeId()));
      case Step.DeleteRoute delete -> done(api.deleteRoute(now, delete.routeId()));
      case Step.CreateStage _ -> done(api.createStage(now));
      case Step.UpdateStage _ -> done(api.updateStage(now));
      case Step.ThrottleRoutes throttle ->
          done(api.throttleRoutes(desired, now, throttle.routes()));
      case Step.UnthrottleRoute unthrottle -> done(api.unthrottleRoute(now, unthrottle.routeKey()));
      case Step.SetAccessLog _ -> done(api.setAccessLog(desired, now));
      case Step.DeleteAccessLog _ -> done(api.deleteAccessLog(now));
      case Step.DeleteApi delete -> done(api.delete(now, delete.apiId()));
      case Step.ClaimApi _ -> adoption.claim(now);
      case Step.AwaitRoutes(String reason) -> rollout.propagating(reason);
      case Step.AwaitTraffic(String reason) -> rollout.propagating(reason);
      case Step.AwaitPermissions(String reason) -> adoption.awaitPermissions(reason);
      case Step.AwaitReplacement(String reason) -> adoption.awaitReplacement(reason);
      case Step.DeleteFormerFunction delete ->
          done(adoption.deleteFunction(now, delete.function()));
      case Step.DeleteFormerRepository delete ->
          done(adoption.deleteRepository(now, delete.repository()));
      case Step.EndAdoption _ -> done(adoption.end(now));
      case Step.AddPermission add -> done(function.addPermission(now, add.route()));
      case Step.RemovePermission remove ->
          done(function.removePermission(now, remove.permission()));
    };
  }

  /** When environments of the version that is to serve were asked for; null where just now. */
  private static @Nullable Instant provisioned(DesiredStack desired, ObservedStack now) {
    return desired
        .candidate(now)
        .flatMap(version -> now.requireFunction().concurrency().of(version.qualifier()))
        .map(Provisioned::modified)
        .orElse(null);
  }

  private static ObservedStack removal(Step step, AwsRegion aws, String name, ObservedStack now) {
    return switch (step) {
      case Step.DeleteApi delete -> new ApiApplier(aws).delete(now, delete.apiId());
      case Step.DeleteFunction _ -> {
        aws.lambda().delete(name);
        yield now.withFunction(null);
      }
      case Step.DeleteRepository _ -> new RepositoryApplier(aws, name).delete(now);
      case Step.DeleteLogGroup _ -> new LogApplier(aws, name).delete(now);
      default -> throw new IllegalStateException("Not a step of a removal: " + step.action());
    };
  }

  /**
   * What was published is whatever the function was at that moment. Where somebody changed it since
   * it was observed, publishing again would only make more such versions: the next pass looks
   * first.
   */
  private static Applied published(DesiredStack desired, ObservedStack now) {
    return desired.candidate(now).isPresent()
        ? done(now)
        : new Applied.NotYet(
            new Blocked(
                Stage.FUNCTION,
                "AwsConflict",
                "The version that was published is not as it was asked for: something else changes"
                    + " the function "
                    + desired.name()
                    + ". It is looked at again.",
                null));
  }

  private static Applied done(ObservedStack now) {
    return new Applied.Done(now);
  }

  /** A version that is only waited for is not asked anything. */
  private void recordProbe(Step step, boolean passed) {
    if (step instanceof Step.ProbeVersion) {
      recorder.probed(passed);
    }
  }

  private void record(Step step) {
    recorder.changed(step.action());
    if (step instanceof Step.CreateAlias || step instanceof Step.MoveAlias) {
      recorder.rolledOut();
    }
  }

  private static void log(Step step) {
    if (step.changes()) {
      LOG.info("{}: {}", step.action(), step.reason());
    } else {
      LOG.debug("{}: {}", step.action(), step.reason());
    }
  }
}
