package dev.feast.aws.operator.deploy;

import java.time.Instant;

/**
 * The probes of a version that has not passed yet; kept in the status between passes.
 *
 * @param failed how many failed in a row
 * @param last when the last one was made
 * @param message what it said
 * @param log the last lines of its log then, see {@link LogTail}
 */
public record ProbeRecord(long version, int failed, Instant last, String message, String log) {}
