package dev.feast.aws.e2e;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;

/** What there is in AWS, asked with the real SDK. */
record AwsInventory(URI endpoint, Region region) {
  /** All functions, HTTP APIs and repositories whose name holds the text. */
  List<String> named(String text) {
    try (LambdaClient lambda = client(LambdaClient.builder());
        ApiGatewayV2Client apis = client(ApiGatewayV2Client.builder());
        EcrClient ecr = client(EcrClient.builder())) {
      Stream<String> functions =
          lambda.listFunctionsPaginator().functions().stream()
              .map(function -> "function " + function.functionName());
      Stream<String> httpApis =
          apis.getApis(request -> request.maxResults("100")).items().stream()
              .map(api -> "api " + api.name());
      Stream<String> repositories =
          ecr.describeRepositoriesPaginator().repositories().stream()
              .map(repository -> "repository " + repository.repositoryName());
      return Stream.of(functions, httpApis, repositories)
          .flatMap(names -> names)
          .filter(name -> name.contains(text))
          .toList();
    }
  }

  /** A function's configuration as whoever may read it sees it, its environment included. */
  String configuration(String function) {
    try (LambdaClient lambda = client(LambdaClient.builder())) {
      GetFunctionConfigurationResponse found =
          lambda.getFunctionConfiguration(request -> request.functionName(function));
      return found + " " + found.environment().variables();
    }
  }

  /** Makes a repository, and returns where to push to with a token for it. */
  EcrImage repository(String name) {
    try (EcrClient ecr = client(EcrClient.builder())) {
      String uri =
          ecr.createRepository(request -> request.repositoryName(name))
              .repository()
              .repositoryUri();
      String token =
          ecr.getAuthorizationToken().authorizationData().getFirst().authorizationToken();
      return new EcrImage(endpoint, uri.substring(uri.indexOf('/') + 1), token);
    }
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
    return builder
        .endpointOverride(endpoint)
        .region(region)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .build();
  }
}
