package dev.feast.aws.operator.aws;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CloudWatch Logs in one account and region. Each method is one call but where it says otherwise,
 * and throws {@link AwsException}.
 */
public interface Logs {

  /**
   * A log group.
   *
   * @param arn without the asterisk that CloudWatch Logs adds for streams
   * @param retentionDays null where it forgets nothing
   */
  record Found(String arn, @Nullable Integer retentionDays) {}

  /** Looks among all log groups whose names begin so: a call for each page. */
  Optional<Found> find(String name);

  Map<String, String> tags(String arn);

  void create(String name, Map<String, String> tags);

  void retain(String name, int days);

  void retainForever(String name);

  void tag(String arn, Map<String, String> tags);

  void untag(String arn, Collection<String> keys);

  /** Fine where there is none. */
  void delete(String name);
}
