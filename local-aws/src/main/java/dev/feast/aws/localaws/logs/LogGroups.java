package dev.feast.aws.localaws.logs;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All log groups of all accounts and regions; they live as long as the process. */
public final class LogGroups {
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws[a-z-]*:logs:([a-z0-9-]+):(\\d{12}):log-group:([\\w/.#-]{1,512})(?::\\*)?");

  private final Map<LogGroup.Key, LogGroup> groups = new ConcurrentHashMap<>();
  private final Clock clock;

  LogGroups(Clock clock) {
    this.clock = clock;
  }

  /** Whether an ARN is that of a log group which is there. */
  public boolean has(String arn) {
    return byArn(arn).isPresent();
  }

  /** Writes a line; nobody hears of it where the group is gone meanwhile, as on AWS. */
  public void write(String arn, String stream, String message) {
    byArn(arn).ifPresent(group -> group.write(stream, clock.instant(), message));
  }

  Optional<LogGroup> byArn(String arn) {
    Matcher matcher = ARN.matcher(arn);
    return matcher.matches()
        ? find(new LogGroup.Key(matcher.group(2), matcher.group(1), matcher.group(3)))
        : Optional.empty();
  }

  /** The ARN of a log group, be it there or not. */
  public static String arn(String account, String region, String name) {
    return new LogGroup.Key(account, region, name).arn();
  }

  /** Makes it, where it is not there. */
  public void create(String account, String region, String name) {
    create(new LogGroup.Key(account, region, name));
  }

  /** Whether it was not there before. */
  boolean create(LogGroup.Key key) {
    return groups.putIfAbsent(key, new LogGroup(key, clock.instant())) == null;
  }

  Optional<LogGroup> find(LogGroup.Key key) {
    return Optional.ofNullable(groups.get(key));
  }

  /** Whether it was there. */
  boolean remove(LogGroup.Key key) {
    return groups.remove(key) != null;
  }

  List<LogGroup> list(String account, String region, String namePrefix) {
    return groups.values().stream()
        .filter(group -> group.key().account().equals(account))
        .filter(group -> group.key().region().equals(region))
        .filter(group -> group.key().name().startsWith(namePrefix))
        .sorted(Comparator.comparing(group -> group.key().name()))
        .toList();
  }
}
