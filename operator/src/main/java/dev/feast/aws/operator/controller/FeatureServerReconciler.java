package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.ApiStatus;
import dev.feast.aws.api.v1alpha1.Authorization;
import dev.feast.aws.api.v1alpha1.Condition;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.DeletionPolicy;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.FunctionStatus;
import dev.feast.aws.operator.aws.AwsException;
import dev.feast.aws.operator.controller.Outcome.Next;
import dev.feast.aws.operator.deploy.Blocked;
import dev.feast.aws.operator.deploy.Deployment;
import dev.feast.aws.operator.metrics.PassResult;
import dev.feast.aws.operator.metrics.Recorder;
import dev.feast.aws.operator.model.ForeignObject;
import dev.feast.aws.operator.plan.Step;
import dev.feast.aws.operator.status.Assessment;
import dev.feast.aws.operator.status.Events;
import dev.feast.aws.operator.status.StatusReport;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * Where JOSDK calls in: runs a pass, tells of it in status and Events, and says when the next one
 * is due.
 */
@ControllerConfiguration(
    name = FeatureServerReconciler.NAME,
    finalizerName = FeatureServerReconciler.FINALIZER)
final class FeatureServerReconciler implements Reconciler<FeatureServer>, Cleaner<FeatureServer> {
  static final String NAME = "featureserver";
  static final String FINALIZER = "featureservers.aws.feast.dev/finalizer";

  /** Why something stays in AWS that nothing leads to any more. */
  private static final String LEFT = "LeftInAws";

  private static final Logger LOG = LoggerFactory.getLogger(FeatureServerReconciler.class);

  private final Pipeline pipeline;
  private final StatusReport report;
  private final Events events;
  private final Timing timing;
  private final ReferenceWatches watches;
  private final StatusWriter writer;
  private final FeatureServers featureServers;
  private final ClientConfigs clients;
  private final Recorder recorder;

  FeatureServerReconciler(
      Pipeline pipeline,
      StatusReport report,
      Events events,
      Timing timing,
      ReferenceWatches watches,
      StatusWriter writer,
      FeatureServers featureServers,
      ClientConfigs clients,
      Recorder recorder) {
    this.pipeline = pipeline;
    this.report = report;
    this.events = events;
    this.timing = timing;
    this.watches = watches;
    this.writer = writer;
    this.featureServers = featureServers;
    this.clients = clients;
    this.recorder = recorder;
  }

  @Override
  public List<EventSource<?, FeatureServer>> prepareEventSources(
      EventSourceContext<FeatureServer> context) {
    var references = new SimpleInboundEventSource<FeatureServer>("references");
    watches.triggering(references::propagateEvent);
    featureServers.from(context.getPrimaryCache()::list);
    return List.of(references);
  }

  @Override
  public UpdateControl<FeatureServer> reconcile(
      FeatureServer resource, Context<FeatureServer> context) {
    Duration pause = timing.pause(ResourceID.fromResource(resource));
    if (pause.isPositive()) {
      return UpdateControl.<FeatureServer>noUpdate().rescheduleAfter(pause.plusMillis(1));
    }
    return measuring(
        resource,
        () -> {
          watches.refer(ResourceID.fromResource(resource), ReferenceReader.references(resource));
          Outcome outcome =
              pipeline.run(
                  resource,
                  assessment -> {
                    // What comes next must find it even if the operator dies now.
                    tell(resource, assessment, context);
                    return Facts.of(resource);
                  });
          Duration wait = wait(resource, outcome); // Even where what it came to cannot be told.
          tell(resource, outcome, context);
          clients.follow(resource, outcome.clients());
          return new Ended<>(
              result(outcome), UpdateControl.<FeatureServer>noUpdate().rescheduleAfter(wait));
        });
  }

  @Override
  public DeleteControl cleanup(FeatureServer resource, Context<FeatureServer> context) {
    return measuring(
        resource,
        () -> {
          Optional<Outcome> left;
          try {
            left = takeDown(resource);
          } catch (RuntimeException e) {
            // JOSDK reports errors of reconciliations only.
            tell(resource, Assessments.failed(Facts.of(resource), e), context);
            throw e;
          }
          if (left.isEmpty()) {
            clients.remove(resource);
            forget(resource);
            return new Ended<>(PassResult.GONE, DeleteControl.defaultDelete());
          }
          tell(resource, left.get(), context);
          return new Ended<>(
              result(left.get()),
              DeleteControl.noFinalizerRemoval()
                  .rescheduleAfter(wait(resource, left.get()).toMillis()));
        });
  }

  /** What a pass threw; JOSDK logs it and tries again. */
  @Override
  public ErrorStatusUpdateControl<FeatureServer> updateErrorStatus(
      FeatureServer resource, Context<FeatureServer> context, Exception error) {
    return logging(
        resource,
        () -> {
          tell(resource, Assessments.failed(Facts.of(resource), error), context);
          return ErrorStatusUpdateControl.noStatusUpdate();
        });
  }

  /**
   * Removes what is in AWS as deletionPolicy says; empty once nothing keeps the resource from
   * going.
   */
  private Optional<Outcome> takeDown(FeatureServer resource) {
    FeatureServerStatus before = Facts.of(resource);
    if (resource.getSpec().deletionPolicy() == DeletionPolicy.Retain) {
      String note = "deletionPolicy Retain leaves " + pipeline.left(resource) + ".";
      LOG.info(note);
      events.tell(resource, Events.Type.Normal, "Retained", "Delete", note);
      return Optional.empty();
    }
    try {
      return switch (pipeline.remove(resource, "the FeatureServer is deleted")) {
        case Removal.Nothing() -> Optional.empty();
        case Removal.Refused(String why) ->
            Optional.of(Outcome.backoff(Assessments.removalRefused(before, why)));
        case Removal.Begun(Deployment removal) -> {
          Blocked blocked = removal.blocked();
          if (blocked == null) {
            tellLeft(resource, removal.now().foreign());
            yield Optional.empty();
          }
          Assessment assessment = Assessments.removing(Facts.removed(before, removal), blocked);
          yield Optional.of(new Outcome(assessment, new Next.Backoff(), removal.applied()));
        }
      };
    } catch (AwsException e) {
      return Optional.of(Outcome.backoff(Assessments.unreachable(before, e)));
    }
  }

  /** After everything that is ours is gone. */
  private void tellLeft(FeatureServer resource, List<ForeignObject> foreign) {
    if (foreign.isEmpty()) {
      LOG.info("Nothing of it is left in AWS.");
      return;
    }
    String note =
        foreign.stream()
            .map(object -> "%s is left: %s.".formatted(object.object(), object.whose()))
            .collect(Collectors.joining(" "));
    LOG.warn(note);
    events.tell(resource, Events.Type.Warning, LEFT, "Delete", note);
  }

  /** Tells what the pass came to. */
  private void tell(FeatureServer resource, Outcome outcome, Context<FeatureServer> context) {
    tellDrift(resource, outcome);
    tellApplied(resource, outcome);
    tellLost(resource, outcome);
    tell(resource, outcome.assessment(), context);
  }

  /** Writes the assessment into the resource's status and tells of a transition. */
  private void tell(FeatureServer resource, Assessment assessment, Context<FeatureServer> context) {
    FeatureServerStatus before = Facts.of(resource);
    FeatureServerStatus now =
        report.next(before, resource.getMetadata().getGeneration(), assessment);
    if (now.equals(before)) {
      return;
    }
    resource.setStatus(now);
    if (isOpen(now) && !isOpen(before)) {
      tellOpen(resource, now);
    }
    Assessment.Summary summary = assessment.summary();
    if (isTransition(before, now)) {
      LOG.atLevel(summary.warning() ? Level.WARN : Level.INFO)
          .log("{}: {}", summary.reason(), summary.message());
      events.tell(
          resource,
          summary.warning() ? Events.Type.Warning : Events.Type.Normal,
          summary.reason(),
          "Reconcile",
          summary.message());
    }
    writer.write(resource, context);
  }

  private static boolean isOpen(FeatureServerStatus status) {
    return status.endpoint() != null && status.authorization() == Authorization.None;
  }

  private void tellOpen(FeatureServer resource, FeatureServerStatus now) {
    String note =
        ("Everybody who knows the URL %s may read its features (authorization None). To ask for a"
                + " key, set spec.endpoint.authorization to APIKey.")
            .formatted(now.endpoint());
    LOG.warn(note);
    events.tell(resource, Events.Type.Warning, "PublicEndpoint", "Deploy", note);
  }

  private void tellDrift(FeatureServer resource, Outcome outcome) {
    if (outcome.drift().isEmpty()) {
      return;
    }
    boolean repaired = outcome.next() instanceof Next.Resync;
    String note =
        "Somebody else changed this in AWS; it %s put back: %s."
            .formatted(repaired ? "was" : "is being", String.join("; ", outcome.drift()));
    LOG.warn(note);
    events.tell(
        resource,
        Events.Type.Warning,
        repaired ? "DriftRepaired" : "DriftFound",
        "RepairDrift",
        note);
  }

  private void tellApplied(FeatureServer resource, Outcome outcome) {
    FunctionStatus function = outcome.assessment().facts().function();
    for (Step step : outcome.applied()) {
      if (step instanceof Step.CreateAlias || step instanceof Step.MoveAlias) {
        events.tell(
            resource,
            Events.Type.Normal,
            "VersionLive",
            "Deploy",
            "Version %s has the traffic; what was found before: %s."
                .formatted(function == null ? "unknown" : function.version(), step.reason()));
      }
      if (step instanceof Step.ClaimApi(String id, String reason)) {
        tellAdoption(resource, "AdoptionBegun", "API %s: %s.".formatted(id, reason));
      }
      if (step instanceof Step.EndAdoption(String reason)) {
        ApiStatus api = outcome.assessment().facts().api();
        tellAdoption(
            resource,
            "Adopted",
            "API %s: %s.".formatted(api == null ? "unknown" : api.id(), reason));
      }
    }
  }

  private void tellLost(FeatureServer resource, Outcome outcome) {
    AdoptionProgress.lost(Facts.of(resource), outcome.assessment().facts())
        .ifPresent(
            note -> {
              LOG.warn(note);
              events.tell(resource, Events.Type.Warning, LEFT, "Adopt", note);
            });
  }

  private void tellAdoption(FeatureServer resource, String reason, String note) {
    LOG.info(note);
    events.tell(resource, Events.Type.Normal, reason, "Adopt", note);
  }

  /** Whether one of the conditions that sum up says something else than before. */
  private static boolean isTransition(FeatureServerStatus before, FeatureServerStatus now) {
    return Set.of(ConditionType.READY, ConditionType.RECONCILING, ConditionType.STALLED).stream()
        .anyMatch(type -> !said(before, type).equals(said(now, type)));
  }

  private static String said(FeatureServerStatus status, ConditionType type) {
    return status
        .condition(type)
        .map((Condition condition) -> condition.status() + " " + condition.reason())
        .orElse("");
  }

  private Duration wait(FeatureServer resource, Outcome outcome) {
    return timing.wait(
        ResourceID.fromResource(resource), resource.getMetadata().getGeneration(), outcome);
  }

  private void forget(FeatureServer resource) {
    ResourceID id = ResourceID.fromResource(resource);
    timing.forget(id);
    watches.refer(id, Set.of());
  }

  /** A pass that did not throw, and what JOSDK is told. */
  private record Ended<T>(PassResult result, T control) {}

  private <T> T measuring(FeatureServer resource, Supplier<Ended<T>> pass) {
    long begun = System.nanoTime();
    PassResult result = PassResult.ERROR;
    try {
      Ended<T> ended = logging(resource, pass);
      result = ended.result();
      return ended.control();
    } finally {
      recorder.passed(result, Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private static PassResult result(Outcome outcome) {
    return switch (outcome.assessment().summary().progress()) {
      case COMPLETE -> PassResult.COMPLETE;
      case TIDYING -> PassResult.TIDYING;
      case RECONCILING -> PassResult.RECONCILING;
      case STALLED -> PassResult.STALLED;
      case OFF -> PassResult.OFF;
    };
  }

  private static <T> T logging(FeatureServer resource, Supplier<T> pass) {
    var metadata = resource.getMetadata();
    try (var _ = MDC.putCloseable("namespace", metadata.getNamespace());
        var _ = MDC.putCloseable("name", metadata.getName());
        var _ = MDC.putCloseable("generation", String.valueOf(metadata.getGeneration()))) {
      return pass.get();
    } catch (StackOverflowError | LinkageError | AssertionError e) {
      // Of an Error JOSDK learns nothing: it would take the resource for one that is looked at, for
      // ever. What says that the JVM itself is broken goes on as it is.
      throw new IllegalStateException("A pass ended in " + e, e);
    }
  }
}
