package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Logs;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.LogGroup;
import dev.feast.aws.operator.model.StackName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps on the function's log group. */
final class LogApplier {
  private final Logs logs;
  private final String name;
  private final String arn;

  /**
   * @param function its name
   */
  LogApplier(AwsRegion aws, String function) {
    this.logs = aws.logs();
    this.name = StackName.logGroup(function);
    this.arn = aws.location().logGroup(name);
  }

  ObservedStack create(ObservedStack observed, Map<String, String> tags) {
    logs.create(name, tags);
    return observed.withLogGroup(new LogGroup(name, null, tags, true));
  }

  ObservedStack retain(ObservedStack observed, @Nullable Integer days) {
    if (days == null) {
      logs.retainForever(name);
    } else {
      logs.retain(name, days);
    }
    return observed.changingLogGroup(group -> group.withRetention(days));
  }

  ObservedStack tag(ObservedStack observed, Map<String, String> set, List<String> remove) {
    return observed.changingLogGroup(
        group ->
            group.withTags(
                TagChange.apply(
                    group.tags(),
                    set,
                    remove,
                    tags -> logs.tag(arn, tags),
                    keys -> logs.untag(arn, keys))));
  }

  ObservedStack delete(ObservedStack observed) {
    logs.delete(name);
    return observed.withLogGroup(null);
  }
}
