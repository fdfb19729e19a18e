package dev.feast.aws.localaws.control;

/**
 * How many calls were alike.
 *
 * @param errorCode empty for those that succeeded
 */
public record CallCount(
    String service,
    String operation,
    String region,
    boolean mutating,
    String errorCode,
    long count) {}
