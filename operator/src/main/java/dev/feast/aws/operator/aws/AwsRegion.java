package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.model.Location;
import software.amazon.awssdk.services.ecr.EcrClient;

/**
 * The services of one account and region, behind that account and region's rate limits.
 *
 * @param registry ECR's client for what pushes images: it authorizes against the registry behind it
 */
public record AwsRegion(
    Location location, Lambda lambda, ApiGateway apiGateway, Ecr ecr, EcrClient registry) {}
