package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.logs.LogGroups;

/**
 * Where in CloudWatch Logs functions log: {@code /aws/lambda/<name>}, all versions in one stream.
 */
final class FunctionLogGroups {
  private static final String STREAM = "all-versions";

  private final LogGroups groups;

  FunctionLogGroups(LogGroups groups) {
    this.groups = groups;
  }

  FunctionLog.Group of(FunctionKey key) {
    String name = "/aws/lambda/" + key.name();
    String arn = LogGroups.arn(key.account(), key.region(), name);
    return new FunctionLog.Group() {
      @Override
      public boolean isThere() {
        return groups.has(arn);
      }

      @Override
      public void create() {
        groups.create(key.account(), key.region(), name);
      }

      @Override
      public void write(String line) {
        groups.write(arn, STREAM, line);
      }
    };
  }
}
