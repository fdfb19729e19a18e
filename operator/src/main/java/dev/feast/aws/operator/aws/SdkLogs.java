package dev.feast.aws.operator.aws;

import static dev.feast.aws.operator.aws.AwsErrors.ifFound;
import static dev.feast.aws.operator.aws.AwsErrors.translating;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** {@link Logs} over the SDK. */
final class SdkLogs implements Logs {
  private final CloudWatchLogsClient read;
  private final CloudWatchLogsClient write;

  /**
   * @param read retries by itself
   * @param write does not: what a lost answer left behind has to be looked at first
   */
  SdkLogs(CloudWatchLogsClient read, CloudWatchLogsClient write) {
    this.read = read;
    this.write = write;
  }

  @Override
  public Optional<Found> find(String name) {
    return translating(
        "logs:DescribeLogGroups of " + name,
        () ->
            read.describeLogGroupsPaginator(r -> r.logGroupNamePrefix(name)).logGroups().stream()
                .filter(group -> group.logGroupName().equals(name))
                .findFirst()
                .map(group -> new Found(group.logGroupArn(), group.retentionInDays())));
  }

  @Override
  public Map<String, String> tags(String arn) {
    return Map.copyOf(
        translating(
                "logs:ListTagsForResource of " + arn,
                () -> read.listTagsForResource(r -> r.resourceArn(arn)))
            .tags());
  }

  @Override
  public void create(String name, Map<String, String> tags) {
    translating(
        "logs:CreateLogGroup of " + name,
        () -> write.createLogGroup(r -> r.logGroupName(name).tags(tags)));
  }

  @Override
  public void retain(String name, int days) {
    translating(
        "logs:PutRetentionPolicy of " + name,
        () -> write.putRetentionPolicy(r -> r.logGroupName(name).retentionInDays(days)));
  }

  @Override
  public void retainForever(String name) {
    translating(
        "logs:DeleteRetentionPolicy of " + name,
        () -> write.deleteRetentionPolicy(r -> r.logGroupName(name)));
  }

  @Override
  public void tag(String arn, Map<String, String> tags) {
    translating(
        "logs:TagResource of " + arn, () -> write.tagResource(r -> r.resourceArn(arn).tags(tags)));
  }

  @Override
  public void untag(String arn, Collection<String> keys) {
    translating(
        "logs:UntagResource of " + arn,
        () -> write.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));
  }

  @Override
  public void delete(String name) {
    ifFound(
        "logs:DeleteLogGroup of " + name, () -> write.deleteLogGroup(r -> r.logGroupName(name)));
  }
}
