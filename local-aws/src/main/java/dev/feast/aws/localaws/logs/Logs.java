package dev.feast.aws.localaws.logs;

import dev.feast.aws.localaws.spi.Installation;

/**
 * CloudWatch Logs as a whole.
 *
 * @param api told by SigV4's scope
 * @param groups what other services write into
 */
public record Logs(LogsService api, LogGroups groups) {
  /** Starts with no log groups. */
  public static Logs start(Installation installation) {
    var groups = new LogGroups(installation.clock());
    return new Logs(new LogsService(groups), groups);
  }
}
