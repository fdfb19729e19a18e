package dev.feast.aws.operator.controller;

import static dev.feast.aws.api.v1alpha1.ConditionType.ENDPOINT_AVAILABLE;
import static dev.feast.aws.api.v1alpha1.ConditionType.FUNCTION_READY;
import static dev.feast.aws.api.v1alpha1.ConditionType.IMAGE_READY;
import static dev.feast.aws.api.v1alpha1.ConditionType.SPEC_ACCEPTED;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import dev.feast.aws.api.v1alpha1.PlanStatus;
import dev.feast.aws.operator.aws.AwsException;
import dev.feast.aws.operator.deploy.Adoptions;
import dev.feast.aws.operator.deploy.Blocked;
import dev.feast.aws.operator.deploy.Deployment;
import dev.feast.aws.operator.deploy.EndpointAnswer;
import dev.feast.aws.operator.deploy.Stage;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ForeignObject;
import dev.feast.aws.operator.model.Health;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.status.Assessment;
import dev.feast.aws.operator.status.Assessment.Progress;
import dev.feast.aws.operator.status.Assessment.Summary;
import dev.feast.aws.operator.status.Assessment.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every way in which a pass can end, as conditions: the list of reasons in docs/troubleshooting.md
 * is made of this file.
 */
final class Assessments {
  private static final Verdict ACCEPTED =
      Verdict.yes("Accepted", "The spec and its feature_store.yaml are understood.");
  private static final Verdict IMAGE = Verdict.yes("Present", "The image is in ECR by digest.");
  private static final Verdict ENDPOINT =
      Verdict.yes("Available", "The API leads to the version that has the traffic.");

  /** Reasons for waiting that are part of a normal deployment. */
  static final Set<String> EXPECTED =
      Set.of(
          "Adopting",
          Blocked.ENDPOINT_PENDING,
          "FunctionPending",
          "AwsNotReadyYet",
          "AwsConflict",
          "AwsThrottled");

  /** The endpoint answers, but not as the function would. */
  static final String ENDPOINT_WRONG = "EndpointWrong";

  private static final String ENDPOINT_UNREACHABLE = "EndpointUnreachable";
  private static final String OTHER_ACCOUNT = "OtherAccount";

  private Assessments() {}

  /** The spec cannot be served; what served before goes on. */
  static Assessment rejected(FeatureServerStatus before, String reason, String message) {
    return new Assessment(
        new Summary(Progress.STALLED, reason, message, true),
        Map.of(SPEC_ACCEPTED, Verdict.no(reason, message)),
        true,
        before);
  }

  /** The spec refers to something that is not there yet. */
  static Assessment waiting(FeatureServerStatus before, String reason, String message) {
    return new Assessment(
        new Summary(Progress.RECONCILING, reason, message, true),
        Map.of(SPEC_ACCEPTED, Verdict.no(reason, message)),
        true,
        before);
  }

  static Assessment suspended(FeatureServerStatus before) {
    return new Assessment(
        new Summary(
            Progress.OFF,
            "Suspended",
            "spec.suspend is true: nothing is changed until it is false.",
            false),
        Map.of(),
        true,
        before);
  }

  /** Looked at, and left as it is: the annotation asks for a plan alone. */
  static Assessment planned(FeatureServerStatus facts, PlanStatus plan) {
    String would =
        switch (plan.steps().size()) {
          case 0 -> "nothing is to be done";
          case 1 -> "1 step would be taken, which status.plan names";
          default -> plan.steps().size() + " steps would be taken, which status.plan lists";
        };
    return new Assessment(
        new Summary(
            Progress.OFF,
            "Planned",
            "The annotation %s asks for a plan: %s. Nothing is changed until it is removed."
                .formatted(PlanMode.ANNOTATION, would),
            false),
        Map.of(SPEC_ACCEPTED, ACCEPTED),
        true, // Whatever served before.
        facts.withPlan(plan));
  }

  /** A bug, or Kubernetes not answering: JOSDK tries again, and the log says more. */
  static Assessment failed(FeatureServerStatus before, Exception error) {
    return new Assessment(
        new Summary(
            Progress.RECONCILING,
            "OperatorError",
            "A pass over it ended in %s; it is tried again. The operator's log says more."
                .formatted(error.getClass().getSimpleName()),
            true),
        Map.of(),
        true,
        before);
  }

  /** The credentials are of another account than the status': nothing is looked at there. */
  static Assessment otherAccount(FeatureServerStatus before, String message) {
    return new Assessment(
        new Summary(Progress.RECONCILING, OTHER_ACCOUNT, message, true),
        Map.of(SPEC_ACCEPTED, ACCEPTED),
        true,
        before);
  }

  /** AWS could not be asked. */
  static Assessment unreachable(FeatureServerStatus before, AwsException error) {
    return new Assessment(
        new Summary(
            Progress.RECONCILING,
            Blocked.reason(error),
            Blocked.advice(error),
            !EXPECTED.contains(Blocked.reason(error))),
        Map.of(SPEC_ACCEPTED, ACCEPTED),
        true,
        before);
  }

  /** Lambda could not decrypt the function's environment for the operator. */
  static Assessment unreadable(FeatureServerStatus before, String message) {
    return new Assessment(
        new Summary(Progress.RECONCILING, "KmsKeyNotUsable", message, true),
        Map.of(SPEC_ACCEPTED, ACCEPTED),
        true,
        before);
  }

  static Assessment imageUnavailable(
      FeatureServerStatus before, Images.Resolution.Unavailable image) {
    return new Assessment(
        new Summary(
            image.stalled() ? Progress.STALLED : Progress.RECONCILING,
            image.reason(),
            image.message(),
            true),
        Map.of(SPEC_ACCEPTED, ACCEPTED, IMAGE_READY, Verdict.no(image.reason(), image.message())),
        true,
        before);
  }

  /** Something has our name and is not ours. */
  static Assessment foreign(FeatureServerStatus before, List<ForeignObject> foreign) {
    String message =
        foreign.stream()
                .map(
                    object ->
                        "%s is not this FeatureServer's: %s."
                            .formatted(object.object(), object.whose()))
                .collect(Collectors.joining(" "))
            + " It is left as it is; delete it or tag it, if it should be.";
    return new Assessment(
        new Summary(Progress.STALLED, "OwnedBySomeoneElse", message, true),
        Map.of(SPEC_ACCEPTED, ACCEPTED),
        true,
        before);
  }

  /** What the annotation asks to adopt is not there, is several, or cannot be had any more. */
  static Assessment notAdopted(FeatureServerStatus before, Adoptions.Found.Refused refused) {
    return new Assessment(
        new Summary(Progress.STALLED, refused.reason(), refused.message(), true),
        Map.of(SPEC_ACCEPTED, ACCEPTED),
        true,
        before);
  }

  /** Place and image are written down, nothing is made or changed yet. */
  static Assessment starting(FeatureServerStatus facts) {
    return new Assessment(
        new Summary(Progress.RECONCILING, "Deploying", "It is being made in AWS.", false),
        Map.of(SPEC_ACCEPTED, ACCEPTED),
        true, // Whatever served a former generation.
        facts);
  }

  /**
   * After a deployment, complete or not.
   *
   * @param answer what the endpoint said to it
   * @param wrongForLong whether it has answered wrongly for longer than what is new takes to be
   *     known everywhere
   */
  static Assessment deployed(
      FeatureServerStatus facts,
      DesiredStack desired,
      Deployment deployment,
      EndpointAnswer answer,
      boolean wrongForLong) {
    var stages = new EnumMap<ConditionType, Verdict>(ConditionType.class);
    stages.put(SPEC_ACCEPTED, ACCEPTED);
    Verdict live = live(deployment.now());
    Blocked blocked = deployment.blocked();
    if (blocked == null || deployment.rolledOut()) {
      stages.put(IMAGE_READY, IMAGE);
      stages.put(FUNCTION_READY, live);
      stages.put(ENDPOINT_AVAILABLE, endpoint(answer));
      return new Assessment(
          rolledOut(live, blocked, answer, wrongForLong), stages, !wrongForLong, facts);
    }
    Verdict no = Verdict.no(blocked.reason(), withLog(blocked.message(), deployment));
    boolean serves = desired.isServedBy(deployment.now());
    switch (blocked.stage()) {
      case IMAGE -> {
        stages.put(IMAGE_READY, no);
        stages.put(FUNCTION_READY, pending("the image"));
      }
      case FUNCTION -> {
        stages.put(IMAGE_READY, IMAGE);
        stages.put(FUNCTION_READY, no);
      }
      case ENDPOINT -> {}
    }
    // Whatever is wrong besides, the version that is wanted has the traffic.
    if (desired.isLive(deployment.now())) {
      stages.putIfAbsent(IMAGE_READY, IMAGE);
      stages.put(FUNCTION_READY, live);
    }
    if (serves) {
      stages.put(ENDPOINT_AVAILABLE, ENDPOINT); // Though something about it is not as it should be.
    } else {
      stages.put(
          ENDPOINT_AVAILABLE, blocked.stage() == Stage.ENDPOINT ? no : pending("the function"));
    }
    return new Assessment(
        new Summary(
            Progress.RECONCILING,
            blocked.reason(),
            blocked.message(),
            !EXPECTED.contains(blocked.reason())),
        stages,
        serves,
        facts);
  }

  /** With the last lines of the log of a version that failed its probe. */
  private static String withLog(String message, Deployment deployment) {
    return deployment
        .failedProbes()
        .filter(probes -> !probes.log().isEmpty())
        .map(probes -> message + ". Its log ends:\n" + probes.log())
        .orElse(message);
  }

  private static Verdict endpoint(EndpointAnswer answer) {
    return switch (answer) {
      case EndpointAnswer.Available(String message, Health _, boolean _) ->
          Verdict.yes("Available", message);
      case EndpointAnswer.NotAsked() -> ENDPOINT;
      case EndpointAnswer.Wrong(String message) -> Verdict.no(ENDPOINT_WRONG, message);
      case EndpointAnswer.Unreachable(String message) ->
          new Verdict(ConditionStatus.Unknown, ENDPOINT_UNREACHABLE, message);
    };
  }

  /** In AWS all that callers notice is as the spec says; what the endpoint says counts as well. */
  private static Summary rolledOut(
      Verdict live, @Nullable Blocked left, EndpointAnswer answer, boolean wrongForLong) {
    return switch (answer) {
      case EndpointAnswer.Available _, EndpointAnswer.NotAsked _ -> served(live, left);
      case EndpointAnswer.Wrong(String message) ->
          new Summary(
              Progress.RECONCILING,
              wrongForLong ? ENDPOINT_WRONG : Blocked.ENDPOINT_PENDING,
              live.message()
                  + " But "
                  + message
                  + " What is new in AWS takes a moment to be known everywhere; it is asked again.",
              wrongForLong);
      // The version passed its probe, which did not go this way: callers may well be served.
      case EndpointAnswer.Unreachable(String message) ->
          new Summary(
              Progress.TIDYING,
              ENDPOINT_UNREACHABLE,
              live.message()
                  + " But the operator cannot reach the endpoint: "
                  + message
                  + " Let it, or start it with --endpoint-probe=false."
                  + (left == null ? "" : leftToDo(left)),
              true);
    };
  }

  private static String leftToDo(Blocked left) {
    return " Something that no caller notices is left to do: " + left.message();
  }

  /** All that callers notice is as the spec says; what is left is not. */
  private static Summary served(Verdict live, @Nullable Blocked left) {
    String message = "The endpoint serves. " + live.message();
    return left == null
        ? new Summary(Progress.COMPLETE, "Serving", message, false)
        : new Summary(
            Progress.TIDYING,
            left.reason(),
            message + leftToDo(left),
            !EXPECTED.contains(left.reason()));
  }

  static Assessment disabled(FeatureServerStatus facts, String message) {
    Verdict no = Verdict.no("Disabled", message);
    return new Assessment(
        new Summary(Progress.OFF, "Disabled", message, false),
        Map.of(
            SPEC_ACCEPTED, ACCEPTED, IMAGE_READY, no, FUNCTION_READY, no, ENDPOINT_AVAILABLE, no),
        false,
        facts);
  }

  /** Disabled, and by its deletionPolicy left as it is. */
  static Assessment retained(FeatureServerStatus before, String message) {
    return new Assessment(
        new Summary(Progress.OFF, "Disabled", message, false),
        Map.of(SPEC_ACCEPTED, ACCEPTED),
        true, // Whatever did so before.
        before);
  }

  /** A removal that AWS stopped; it goes on. Before the API is gone, nothing else is. */
  static Assessment removing(FeatureServerStatus facts, Blocked blocked) {
    String message = "Taking it down: " + blocked.message();
    boolean serves = facts.endpoint() != null;
    return new Assessment(
        new Summary(
            Progress.RECONCILING, blocked.reason(), message, !EXPECTED.contains(blocked.reason())),
        serves ? Map.of() : Map.of(ENDPOINT_AVAILABLE, Verdict.no("Removing", message)),
        serves,
        facts);
  }

  /** A removal that was not begun: what serves goes on. */
  static Assessment removalRefused(FeatureServerStatus before, String message) {
    return new Assessment(
        new Summary(Progress.RECONCILING, OTHER_ACCOUNT, message, true), Map.of(), true, before);
  }

  private static Verdict live(ObservedStack now) {
    return Verdict.yes(
        "Live",
        now.liveVersion()
            .map(version -> "Version %d has the traffic.".formatted(version))
            .orElse(""));
  }

  private static Verdict pending(String what) {
    return new Verdict(ConditionStatus.False, "Pending", "Waits for " + what + ".");
  }
}
