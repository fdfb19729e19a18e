package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Concurrency;
import dev.feast.aws.operator.model.ObservedStack.Function;
import dev.feast.aws.operator.model.ObservedStack.Provisioned;
import dev.feast.aws.operator.model.ObservedStack.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reserved and provisioned concurrency.
 *
 * <p>Environments are provisioned of versions, not of the alias: an alias that has any is moved by
 * Lambda with weights of its own, which stay when the new version cannot be initialized and refuse
 * every later move (hashicorp/terraform#24957). So a new version is provisioned, then gets the
 * traffic, and then the former one's environments are given up; meanwhile both count against what
 * is reserved.
 */
final class CapacityPlanner {
  private CapacityPlanner() {}

  /** Before anything is provisioned, where what will be fits into it. */
  static List<Step> reserveFirst(DesiredStack desired, ObservedStack observed) {
    return fits(desired, observed) ? reserve(desired, observed) : List.of();
  }

  /** After the rest: until then more is provisioned than is to be reserved. */
  static List<Step> reserveLast(DesiredStack desired, ObservedStack observed) {
    return fits(desired, observed) ? List.of() : reserve(desired, observed);
  }

  private static List<Step> reserve(DesiredStack desired, ObservedStack observed) {
    Integer wanted = desired.capacity().reserved();
    Integer found = found(observed).reserved();
    return Objects.equals(wanted, found)
        ? List.of()
        : List.of(
            new Step.ReserveConcurrency(
                "its reserved concurrency is %s instead of %s"
                    .formatted(text(found), text(wanted))));
  }

  private static String text(@Nullable Integer reserved) {
    return reserved == null ? "none" : reserved.toString();
  }

  /** Lambda refuses to reserve less than is provisioned, and to provision more than is reserved. */
  private static boolean fits(DesiredStack desired, ObservedStack observed) {
    Integer wanted = desired.capacity().reserved();
    if (wanted == null) {
      return true;
    }
    Optional<String> candidate = desired.candidate(observed).map(Version::qualifier);
    int now = 0;
    int then = desired.capacity().provisioned();
    for (Provisioned provisioned : found(observed).provisioned()) {
      now += provisioned.requested();
      then += candidate.equals(Optional.of(provisioned.qualifier())) ? 0 : provisioned.requested();
    }
    return wanted >= Math.max(now, then);
  }

  private static Concurrency found(ObservedStack observed) {
    Function function = observed.function();
    return function == null ? Concurrency.ON_DEMAND : function.concurrency();
  }

  /** What the version to which traffic belongs needs before it gets any. */
  static List<Step> provision(DesiredStack desired, ObservedStack observed) {
    int wanted = desired.capacity().provisioned();
    if (wanted == 0) {
      return List.of();
    }
    Optional<Version> candidate = desired.candidate(observed);
    String version = candidate.map(found -> "version " + found.number()).orElse("the version");
    Provisioned found = candidate.flatMap(v -> found(observed).of(v.qualifier())).orElse(null);
    var await =
        new Step.AwaitProvisioned(
            "Lambda is still initializing %d environments of %s".formatted(wanted, version));
    if (found == null || found.requested() != wanted) {
      return List.of(
          new Step.ProvisionVersion(
              false,
              "%s has %d provisioned environments instead of %d"
                  .formatted(version, found == null ? 0 : found.requested(), wanted)),
          await);
    }
    return switch (found.state()) {
      case READY -> List.of();
      case IN_PROGRESS -> List.of(await);
      case FAILED ->
          List.of(
              new Step.ProvisionVersion(
                  true,
                  "Lambda could not provision %d environments of %s: %s"
                      .formatted(wanted, version, found.reason())),
              await);
    };
  }

  /** Whether the version to which traffic belongs was asked for, and is not ready yet. */
  static boolean isUnderWay(DesiredStack desired, ObservedStack observed) {
    List<Step> steps = provision(desired, observed);
    return !steps.isEmpty() && steps.getFirst() instanceof Step.AwaitProvisioned;
  }

  /** Environments of what neither serves nor is to serve. */
  static List<Step> release(DesiredStack desired, ObservedStack observed) {
    Set<String> used = new HashSet<>();
    Optional<String> candidate = desired.candidate(observed).map(Version::qualifier);
    if (desired.capacity().provisioned() > 0) {
      candidate.ifPresent(used::add);
    }
    observed
        .liveVersion()
        .map(live -> Long.toString(live))
        .filter(live -> !candidate.equals(Optional.of(live)))
        .ifPresent(used::add);
    return found(observed).provisioned().stream()
        .map(Provisioned::qualifier)
        .filter(qualifier -> !used.contains(qualifier))
        .<Step>map(
            qualifier ->
                new Step.ReleaseProvisioned(
                    qualifier,
                    "provisioned environments of %s serve nobody"
                        .formatted(
                            qualifier.matches("[0-9]+")
                                ? "version " + qualifier
                                : "the alias " + qualifier)))
        .toList();
  }
}
