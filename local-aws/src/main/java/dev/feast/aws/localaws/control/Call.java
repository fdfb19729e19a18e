package dev.feast.aws.localaws.control;

import java.time.Instant;

/**
 * A call that was answered, or cut.
 *
 * @param id counts from 1 in the order in which the calls arrived
 * @param time when it arrived
 * @param operation as in AWS's API reference; method and path for what the service does not have
 * @param principal ARN of the caller
 * @param status of the response; 0 where the connection was cut
 * @param errorCode empty for a success
 */
public record Call(
    long id,
    Instant time,
    String service,
    String operation,
    String region,
    String account,
    String principal,
    boolean mutating,
    int status,
    String errorCode) {}
