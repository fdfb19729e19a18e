package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionConfiguration.LastUpdate;
import dev.feast.aws.operator.model.FunctionConfiguration.State;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Alias;
import dev.feast.aws.operator.model.ObservedStack.Function;
import dev.feast.aws.operator.model.ObservedStack.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The function and its rollout: code, then settings, each followed by a wait, for Lambda changes
 * one thing at a time; then a version, its probe, and only then the traffic.
 */
final class FunctionPlanner {
  private FunctionPlanner() {}

  /**
   * @param beforeTheTraffic what has to be done right before a version that serves gives way
   */
  static List<Step> plan(
      DesiredStack desired, ObservedStack observed, List<Step> beforeTheTraffic) {
    Function function = observed.function();
    if (function == null) {
      return fromNothing(desired, observed, "there is no function " + desired.name());
    }
    FunctionConfiguration latest = function.configuration();
    if (latest.state() == State.FAILED && function.alias() == null) {
      // It failed at creation and can only be deleted (Lambda developer guide, function states).
      // One with an alias serves: what fails then is $LATEST alone, and its versions must stay.
      var steps = new ArrayList<Step>();
      steps.add(new Step.DeleteFunction(true, "it failed: " + latest.stateReason()));
      steps.addAll(fromNothing(desired, observed.withFunction(null), "the failed one is gone"));
      return steps;
    }
    var steps = new ArrayList<Step>();
    boolean busy = isBusy(latest);
    if (busy) {
      steps.add(new Step.AwaitFunction(busyReason(latest)));
    }
    steps.addAll(updates(desired, observed, latest));
    steps.addAll(rollout(desired, observed, function, beforeTheTraffic));
    return steps;
  }

  private static List<Step> fromNothing(
      DesiredStack desired, ObservedStack observed, String reason) {
    var steps = new ArrayList<Step>();
    steps.add(new Step.CreateFunction(reason));
    steps.add(new Step.AwaitFunction("it is being created"));
    steps.addAll(CapacityPlanner.reserveFirst(desired, observed));
    steps.add(new Step.PublishVersion("it has no version yet"));
    steps.add(trial(desired, "the version"));
    steps.addAll(CapacityPlanner.provision(desired, observed));
    steps.add(new Step.CreateAlias("there is no alias " + DesiredStack.ALIAS));
    return steps;
  }

  /** What comes before the traffic. */
  private static Step trial(DesiredStack desired, String version) {
    return desired.rollout().probed()
        ? new Step.ProbeVersion(version + " has not been tried")
        : new Step.AwaitVersion(version + " may not be prepared yet");
  }

  private static boolean isBusy(FunctionConfiguration latest) {
    return latest.state() == State.PENDING
        || latest.state() == State.LEAVING
        || latest.lastUpdate() == LastUpdate.IN_PROGRESS;
  }

  private static String busyReason(FunctionConfiguration latest) {
    return switch (latest.state()) {
      case PENDING -> "Lambda is still preparing it";
      case LEAVING -> "Lambda is deactivating or deleting it";
      case ACTIVE, INACTIVE, FAILED -> "Lambda is still updating it";
    };
  }

  static List<Step> tags(DesiredStack desired, ObservedStack observed) {
    Function function = observed.function();
    if (function == null) {
      return List.of();
    }
    return TagPlanner.plan(desired, function.tags(), Step.TagFunction::new);
  }

  private static List<Step> updates(
      DesiredStack desired, ObservedStack observed, FunctionConfiguration latest) {
    var steps = new ArrayList<Step>();
    String codeDiffers = codeDifference(desired, observed, latest);
    String settingsDiffer = settingsDifference(desired.function().settings(), latest.settings());
    if (codeDiffers != null) {
      steps.add(new Step.UpdateFunctionCode(false, codeDiffers));
      steps.add(new Step.AwaitFunction("its code is being changed"));
    } else if (latest.state() == State.FAILED) {
      // First of all: new code is what brings a failed function back.
      steps.add(new Step.UpdateFunctionCode(true, "it failed: " + latest.stateReason()));
      steps.add(new Step.AwaitFunction("its code is being set again"));
    }
    if (settingsDiffer != null) {
      steps.add(new Step.UpdateFunctionConfiguration(settingsDiffer));
      steps.add(new Step.AwaitFunction("its settings are being changed"));
    }
    if (latest.lastUpdate() == LastUpdate.FAILED && steps.isEmpty()) {
      steps.add(
          new Step.UpdateFunctionCode(
              true, "its last update failed: " + latest.lastUpdateReason()));
      steps.add(new Step.AwaitFunction("its code is being set again"));
    }
    return steps;
  }

  private static @Nullable String codeDifference(
      DesiredStack desired, ObservedStack observed, FunctionConfiguration latest) {
    String wanted = desired.imageUri(observed).orElse("");
    if (!latest.architecture().equals(desired.function().architecture())) {
      return "its architecture is %s instead of %s"
          .formatted(latest.architecture(), desired.function().architecture());
    }
    return latest.image().equals(wanted)
        ? null
        : "its image is %s instead of %s"
            .formatted(latest.image(), wanted.isEmpty() ? desired.image().digest() : wanted);
  }

  private static @Nullable String settingsDifference(
      FunctionSettings wanted, FunctionSettings found) {
    var differences = new ArrayList<String>();
    if (!wanted.role().equals(found.role())) {
      differences.add("role");
    }
    if (wanted.memoryMiB() != found.memoryMiB()) {
      differences.add("memory");
    }
    if (wanted.timeoutSeconds() != found.timeoutSeconds()) {
      differences.add("timeout");
    }
    if (!wanted.kmsKeyArn().equals(found.kmsKeyArn())) {
      differences.add("KMS key");
    }
    if (wanted.ephemeralStorageMiB() != found.ephemeralStorageMiB()) {
      differences.add("ephemeral storage");
    }
    if (wanted.traced() != found.traced()) {
      differences.add("tracing");
    }
    if (!wanted.vpc().equals(found.vpc())) {
      differences.add("VPC");
    }
    if (wanted.snapStart() != found.snapStart()) {
      differences.add("SnapStart");
    }
    if (found.environment().unreadable() != null) {
      differences.add("environment (" + found.environment().unreadable() + ")");
      return "it differs in " + String.join(", ", differences);
    }
    if (!wanted.environment().equals(found.environment())) {
      differences.add("environment"); // Nothing of it: both names and values are the user's own.
    }
    return differences.isEmpty() ? null : "it differs in " + String.join(", ", differences);
  }

  private static List<Step> rollout(
      DesiredStack desired,
      ObservedStack observed,
      Function function,
      List<Step> beforeTheTraffic) {
    var steps = new ArrayList<Step>();
    Alias alias = function.alias();
    Optional<Version> candidate = desired.candidate(observed);
    steps.addAll(CapacityPlanner.reserveFirst(desired, observed));
    if (candidate.isEmpty()) {
      steps.add(new Step.PublishVersion("no version has this code and these settings"));
    }
    steps.addAll(CapacityPlanner.release(desired, observed));
    steps.addAll(failedVersions(desired, observed));
    String version = candidate.map(found -> "version " + found.number()).orElse("the version");
    boolean moves =
        alias == null || candidate.isEmpty() || candidate.get().number() != alias.version();
    boolean verified = candidate.map(found -> found.number() == function.verified()).orElse(false);
    List<Step> provisioning = CapacityPlanner.provision(desired, observed);
    // It was tried before its environments cost anything; once they are there, it is once more.
    boolean provisionedFirst = CapacityPlanner.isUnderWay(desired, observed);
    if (provisionedFirst) {
      steps.addAll(provisioning);
    }
    if (moves && !verified) {
      steps.add(trial(desired, version));
    }
    if (!provisionedFirst) {
      steps.addAll(provisioning);
    }
    if (alias == null) {
      steps.add(new Step.CreateAlias("there is no alias " + DesiredStack.ALIAS));
    } else if (moves) {
      steps.addAll(beforeTheTraffic);
      steps.add(new Step.MoveAlias("the alias points to version " + alias.version()));
    } else if (alias.splitsTraffic()) {
      steps.add(new Step.MoveAlias("the alias sends part of the traffic to another version"));
    }
    return steps;
  }

  /**
   * Versions above the live one that are not to serve: their probe failed. They go before the alias
   * moves past them, so that the highest below the live one is always the one that served before.
   * Where somebody moved the alias back, those up to the one that served until then did not fail.
   */
  static List<Step> failedVersions(DesiredStack desired, ObservedStack observed) {
    long candidate = desired.candidate(observed).map(Version::number).orElse(0L);
    return observed
        .liveVersion()
        .map(live -> Math.max(live, observed.requireFunction().served()))
        .map(served -> deletions(observed, number -> number > served && number != candidate))
        .orElse(List.of());
  }

  /**
   * Versions below the live one but for those that are kept; the one that served before is always
   * among these: callers of a version that is deleted right after the alias moved get 502 for a
   * while.
   */
  static List<Step> formerVersions(DesiredStack desired, ObservedStack observed) {
    if (observed.function() == null || observed.function().alias() == null) {
      return List.of();
    }
    long live = observed.function().alias().version();
    long candidate = desired.candidate(observed).map(Version::number).orElse(live);
    List<Long> former =
        observed.function().versions().stream()
            .map(Version::number)
            .filter(number -> number < live)
            .sorted(Comparator.reverseOrder())
            .skip(desired.rollout().keepVersions())
            .toList();
    return deletions(observed, number -> former.contains(number) && number != candidate);
  }

  private static List<Step> deletions(ObservedStack observed, LongPredicate outOfUse) {
    return observed.requireFunction().versions().stream()
        .map(Version::number)
        .filter(outOfUse::test)
        .<Step>map(number -> new Step.DeleteVersion(number, "version " + number + " is out of use"))
        .toList();
  }
}
