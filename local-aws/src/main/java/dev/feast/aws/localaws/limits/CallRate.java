package dev.feast.aws.localaws.limits;

/**
 * How often the calls of a group may come, in one account and region.
 *
 * @param group what shares the rate: a service, or {@code service:Operation} where that has its own
 * @param perSecond from then on
 * @param burst how many at once after a pause
 */
public record CallRate(String group, double perSecond, int burst) {}
