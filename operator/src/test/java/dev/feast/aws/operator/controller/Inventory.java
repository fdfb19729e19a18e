package dev.feast.aws.operator.controller;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.Api;
import software.amazon.awssdk.services.apigatewayv2.model.Stage;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AliasConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/**
 * Everything that there is in one region of an AWS, down to each field that the SDK knows, but for
 * what differs whenever the same is made again: ids, times, and the UID of the owner.
 */
final class Inventory implements AutoCloseable {
  /** Fields of the SDK's texts that say when or by which revision, or that are told sorted. */
  private static final Pattern PASSING =
      Pattern.compile(
          "(?:CreatedDate|CreatedAt|LastUpdatedDate|LastModified|RevisionId)=[^,)]*(?:, )?"
              + "|(?:Tags|Environment)=(?:\\{[^}]*}|EnvironmentResponse\\([^)]*\\))(?:, )?");

  private final URI endpoint;
  private final LambdaClient lambda;
  private final EcrClient ecr;
  private final ApiGatewayV2Client apis;
  private final CloudWatchLogsClient logs;

  Inventory(URI endpoint, String region) {
    this.endpoint = endpoint;
    this.lambda = client(LambdaClient.builder(), region);
    this.ecr = client(EcrClient.builder(), region);
    this.logs = client(CloudWatchLogsClient.builder(), region);
    this.apis = client(ApiGatewayV2Client.builder(), region);
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
      B builder, String region) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("inventory", "any")))
        .build();
  }

  /**
   * One line for each object.
   *
   * @param names of what is left out, for it is not the operator's
   */
  List<String> taken(List<String> names) {
    var lines = new ArrayList<String>();
    var ids = new HashMap<String, String>();
    for (Repository repository : ecr.describeRepositoriesPaginator().repositories()) {
      if (!names.contains(repository.repositoryName())) {
        repository(repository, lines);
      }
    }
    for (FunctionConfiguration function : lambda.listFunctionsPaginator().functions()) {
      function(function, lines);
    }
    for (LogGroup group : logs.describeLogGroupsPaginator().logGroups()) {
      if (group.retentionInDays() != null) { // Else it is one that Lambda makes by itself.
        lines.add(
            "log group %s keeps %d days, tags %s"
                .formatted(
                    group.logGroupName(),
                    group.retentionInDays(),
                    sorted(
                        logs.listTagsForResource(r -> r.resourceArn(group.logGroupArn())).tags())));
      }
    }
    List<Api> found = apis.getApis(request -> request.maxResults("500")).items();
    for (Api api : found) {
      api(api, lines, ids);
    }
    return lines.stream().map(line -> lasting(line, ids)).sorted().toList();
  }

  /** Log groups that Lambda made are not the operator's to remove. */
  void removeLogsOfLambda() {
    for (LogGroup group : logs.describeLogGroupsPaginator().logGroups()) {
      if (logs.listTagsForResource(r -> r.resourceArn(group.logGroupArn())).tags().isEmpty()) {
        logs.deleteLogGroup(r -> r.logGroupName(group.logGroupName()));
      }
    }
  }

  private void repository(Repository repository, List<String> lines) {
    String name = repository.repositoryName();
    lines.add("repository " + repository);
    lines.add(
        "repository "
            + name
            + " tags "
            + ecr
                .listTagsForResource(request -> request.resourceArn(repository.repositoryArn()))
                .tags()
                .stream()
                .map(tag -> tag.key() + "=" + tag.value())
                .sorted()
                .toList());
    lines.add("repository " + name + " policy " + repositoryPolicy(name));
    for (ImageIdentifier image :
        ecr.listImagesPaginator(request -> request.repositoryName(name)).imageIds()) {
      lines.add("image of " + name + " " + image);
    }
  }

  private String repositoryPolicy(String name) {
    try {
      return ecr.getRepositoryPolicy(request -> request.repositoryName(name)).policyText();
    } catch (RepositoryPolicyNotFoundException none) {
      return "none";
    }
  }

  private void function(FunctionConfiguration function, List<String> lines) {
    String name = function.functionName();
    lines.add(
        "function "
            + name
            + " tags "
            + sorted(lambda.listTags(r -> r.resource(function.functionArn())).tags()));
    var qualifiers = new TreeSet<String>();
    for (FunctionConfiguration version :
        lambda.listVersionsByFunctionPaginator(r -> r.functionName(name)).versions()) {
      qualifiers.add(version.version());
      lines.add("version " + version + " environment " + sorted(environment(version)));
      lines.add(
          "version "
              + version.functionArn()
              + " runs "
              + lambda.getFunction(r -> r.functionName(name).qualifier(version.version())).code());
    }
    lines.add(
        "function %s reserves %s"
            .formatted(name, lambda.getFunction(r -> r.functionName(name)).concurrency()));
    lambda
        .listProvisionedConcurrencyConfigsPaginator(r -> r.functionName(name))
        .provisionedConcurrencyConfigs()
        .forEach(config -> lines.add("provisioned " + config));
    for (AliasConfiguration alias :
        lambda.listAliasesPaginator(r -> r.functionName(name)).aliases()) {
      qualifiers.add(alias.name());
      lines.add("alias of " + name + " " + alias);
    }
    lines.add("function " + name + " policy " + policy(name, null));
    for (String qualifier : qualifiers) {
      if (!qualifier.equals("$LATEST")) {
        lines.add("function " + name + " policy of " + qualifier + " " + policy(name, qualifier));
      }
    }
  }

  private static Map<String, String> environment(FunctionConfiguration version) {
    return version.environment() == null ? Map.of() : version.environment().variables();
  }

  private String policy(String name, @Nullable String qualifier) {
    try {
      String policy = lambda.getPolicy(r -> r.functionName(name).qualifier(qualifier)).policy();
      // In whatever order the statements were added.
      return Pattern.compile("(?=\\{\"Sid\")").splitAsStream(policy).sorted().toList().toString();
    } catch (ResourceNotFoundException none) {
      return "none";
    }
  }

  private void api(Api api, List<String> lines, Map<String, String> ids) {
    String id = api.apiId();
    ids.put(id, "API" + (ids.size() + 1));
    lines.add("api " + api + " tags " + sorted(api.tags()));
    apis.getIntegrations(r -> r.apiId(id))
        .items()
        .forEach(
            integration -> {
              ids.put(integration.integrationId(), "integration");
              lines.add("integration of " + id + " " + integration);
            });
    apis.getRoutes(r -> r.apiId(id))
        .items()
        .forEach(
            route -> {
              ids.put(route.routeId(), "route");
              lines.add("route of " + id + " " + route);
            });
    apis.getAuthorizers(r -> r.apiId(id))
        .items()
        .forEach(
            authorizer -> {
              ids.put(authorizer.authorizerId(), "authorizer");
              lines.add("authorizer of " + id + " " + authorizer);
            });
    apis.getStages(r -> r.apiId(id))
        .items()
        .forEach(stage -> lines.add("stage of " + id + " " + sorted(stage)));
  }

  /** In whatever order its routes were throttled. */
  private static Stage sorted(Stage stage) {
    return stage.toBuilder().routeSettings(new TreeMap<>(stage.routeSettings())).build();
  }

  private static TreeMap<String, String> sorted(Map<String, String> map) {
    return new TreeMap<>(map);
  }

  private String lasting(String line, Map<String, String> ids) {
    String lasting =
        PASSING
            .matcher(line)
            .replaceAll("")
            .replace(endpoint.getHost() + ":" + endpoint.getPort(), "AWS")
            .replaceAll("aws\\.feast\\.dev/uid=[-0-9a-f]+", "aws.feast.dev/uid=UID");
    for (Map.Entry<String, String> id : ids.entrySet()) {
      lasting = lasting.replace(id.getKey(), id.getValue());
    }
    return lasting;
  }

  @Override
  public void close() {
    logs.close();
    lambda.close();
    ecr.close();
    apis.close();
  }
}
