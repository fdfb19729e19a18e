package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.model.Location;

/** The services of one account and region, behind that account and region's rate limits. */
public record AwsRegion(
    Location location, Lambda lambda, ApiGateway apiGateway, Ecr ecr, Logs logs) {}
