package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.LogGroup;
import dev.feast.aws.operator.model.StackName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The function's log group, before the function: Lambda makes one that forgets nothing with the
 * first line, where there is none. One that is there already is given its retention and otherwise
 * left as it is.
 */
final class LogPlanner {
  private LogPlanner() {}

  static List<Step> plan(DesiredStack desired, ObservedStack observed) {
    var steps = new ArrayList<Step>();
    Integer wanted = desired.logRetentionDays();
    LogGroup found = observed.logGroup();
    if (found == null) {
      if (wanted != null) {
        steps.add(
            new Step.CreateLogGroup("there is no log group " + StackName.logGroup(desired.name())));
        steps.add(new Step.SetLogRetention(retention(null, wanted)));
      }
      return steps;
    }
    // Whose it is says nothing about what was set on it before this was asked for.
    if ((wanted != null || found.isOurs()) && !Objects.equals(wanted, found.retentionDays())) {
      steps.add(new Step.SetLogRetention(retention(found.retentionDays(), wanted)));
    }
    if (found.isOurs()) {
      steps.addAll(TagPlanner.plan(desired, found.tags(), Step.TagLogGroup::new));
    }
    return steps;
  }

  private static String retention(@Nullable Integer found, @Nullable Integer wanted) {
    return "it keeps what is logged %s instead of %s".formatted(text(found), text(wanted));
  }

  private static String text(@Nullable Integer days) {
    return days == null ? "for ever" : "for " + days + (days == 1 ? " day" : " days");
  }
}
