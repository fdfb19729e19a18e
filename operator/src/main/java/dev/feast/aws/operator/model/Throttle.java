package dev.feast.aws.operator.model;

/**
 * How many requests a route lets through.
 *
 * @param rate requests per second in the long run
 * @param burst requests at once
 */
public record Throttle(double rate, int burst) {}
