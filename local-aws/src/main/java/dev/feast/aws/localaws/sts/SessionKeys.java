package dev.feast.aws.localaws.sts;

import java.time.Instant;

/**
 * Keys of a role.
 *
 * @param sessionToken empty for keys that somebody chose
 * @param assumedRoleArn {@code arn:aws:sts::<account>:assumed-role/<role>/<session>}
 * @param assumedRoleId {@code AROA…:<session>}, what GetCallerIdentity calls UserId
 */
public record SessionKeys(
    String accessKeyId,
    String secretAccessKey,
    String sessionToken,
    Instant expiration,
    String accountId,
    String assumedRoleArn,
    String assumedRoleId) {}
