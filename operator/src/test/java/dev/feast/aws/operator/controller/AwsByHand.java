package dev.feast.aws.operator.controller;

import dev.feast.aws.localaws.LocalAws;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The clients of somebody who changes AWS behind the operator's back. */
final class AwsByHand implements AutoCloseable {
  private static final AwsCredentialsProvider ROOT =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

  final LambdaClient lambda;
  final EcrClient ecr;
  final ApiGatewayV2Client apis;
  final CloudWatchLogsClient logs;

  AwsByHand(LocalAws aws) {
    Region region = Region.of(TestWorld.REGION);
    this.lambda =
        LambdaClient.builder()
            .region(region)
            .endpointOverride(aws.endpoint())
            .credentialsProvider(ROOT)
            .build();
    this.ecr =
        EcrClient.builder()
            .region(region)
            .endpointOverride(aws.endpoint())
            .credentialsProvider(ROOT)
            .build();
    this.apis =
        ApiGatewayV2Client.builder()
            .region(region)
            .endpointOverride(aws.endpoint())
            .credentialsProvider(ROOT)
            .build();
    this.logs =
        CloudWatchLogsClient.builder()
            .region(region)
            .endpointOverride(aws.endpoint())
            .credentialsProvider(ROOT)
            .build();
  }

  @Override
  public void close() {
    logs.close();
    lambda.close();
    ecr.close();
    apis.close();
  }
}
