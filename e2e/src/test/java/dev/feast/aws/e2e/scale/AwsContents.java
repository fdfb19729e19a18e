package dev.feast.aws.e2e.scale;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** How much there is in AWS, over the regions. */
record AwsContents(long functions, long apis, long repositories) {
  private static final String PAGE = "500";

  static AwsContents of(URI endpoint) {
    AwsContents all = new AwsContents(0, 0, 0);
    for (String region : Cluster.REGIONS) {
      try (LambdaClient lambda = client(LambdaClient.builder(), endpoint, region);
          ApiGatewayV2Client apis = client(ApiGatewayV2Client.builder(), endpoint, region);
          EcrClient ecr = client(EcrClient.builder(), endpoint, region)) {
        all =
            new AwsContents(
                all.functions + lambda.listFunctionsPaginator().functions().stream().count(),
                all.apis + apis.getApis(request -> request.maxResults(PAGE)).items().size(),
                all.repositories
                    + ecr.describeRepositoriesPaginator().repositories().stream().count());
      }
    }
    return all;
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
      B builder, URI endpoint, String region) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .build();
  }
}
