package dev.feast.aws.operator.controller;

import static org.awaitility.Awaitility.await;

import dev.feast.aws.operator.aws.Ecr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.apigatewayv2.model.ProtocolType;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.State;

/**
 * What {@code feast apply} of Feast's alpha left in AWS for a project: the calls of {@code
 * AwsProvider.update_infra} in {@code sdk/python/feast/infra/aws.py}, v0.14.0 and v0.31.1.
 *
 * @param name of function and API
 * @param repository that the function runs from
 */
record AlphaFeatureServer(String name, String repository, String apiId, String endpoint) {
  /** What its functions hold that no other's do. */
  static final String MARK = "# the alpha's";

  /** Of 0.14, which gave each function a repository of its own. */
  static AlphaFeatureServer of014(TestWorld world, AwsByHand byHand, String project)
      throws IOException, InterruptedException {
    return of014(world, byHand, world.region().ecr(), project, "0_14_1");
  }

  /**
   * The same, by somebody else's permissions.
   *
   * @param version as the name has it
   */
  static AlphaFeatureServer of014(
      TestWorld world, AwsByHand byHand, Ecr ecr, String project, String version)
      throws IOException, InterruptedException {
    String name = "feast-python-server-%s-%s".formatted(project, version);
    return made(world, byHand, ecr, project, name, name, "0.14.1", version);
  }

  /** Of 0.15 and later, which kept the images of all projects in one. */
  static AlphaFeatureServer of(TestWorld world, AwsByHand byHand, String project, String version)
      throws IOException, InterruptedException {
    String name = "feast-python-server-%s-%s".formatted(project, version.replace('.', '_'));
    return made(
        world,
        byHand,
        world.region().ecr(),
        project,
        name,
        "feast-python-server",
        version,
        version);
  }

  private static AlphaFeatureServer made(
      TestWorld world,
      AwsByHand byHand,
      Ecr ecr,
      String project,
      String name,
      String repository,
      String version,
      String tag)
      throws IOException, InterruptedException {
    String pushed = world.push(ecr, repository, tag, "amd64", "Feast's alpha, " + version);
    String image = pushed.substring(0, pushed.indexOf('@')) + ":" + tag;
    Map<String, String> tags =
        Map.of("feast-owned", "True", "project", project, "feast-sdk-version", version);
    String yaml = MARK + "\nproject: " + project + "\n";
    String function =
        byHand
            .lambda
            .createFunction(
                r ->
                    r.functionName(name)
                        .role("arn:aws:iam::000000000000:role/lambda_execution_role")
                        .code(code -> code.imageUri(image))
                        .packageType(PackageType.IMAGE)
                        .memorySize(1769)
                        .environment(
                            e ->
                                e.variables(
                                    Map.of(
                                        "FEATURE_STORE_YAML_BASE64",
                                        Base64.getEncoder()
                                            .encodeToString(yaml.getBytes(StandardCharsets.UTF_8)),
                                        "FEAST_USAGE",
                                        "False")))
                        .tags(tags))
            .functionArn();
    await()
        .until(
            () ->
                byHand.lambda.getFunction(r -> r.functionName(name)).configuration().state()
                    == State.ACTIVE);
    var api =
        byHand.apis.createApi(
            r ->
                r.name(name)
                    .protocolType(ProtocolType.HTTP)
                    .target(function)
                    .routeKey("POST /get-online-features")
                    .tags(tags));
    byHand.lambda.addPermission(
        r ->
            r.functionName(function)
                .statementId(UUID.randomUUID().toString())
                .action("lambda:InvokeFunction")
                .principal("apigateway.amazonaws.com")
                .sourceArn(
                    "arn:aws:execute-api:%s:000000000000:%s/*/*/get-online-features"
                        .formatted(TestWorld.REGION, api.apiId())));
    return new AlphaFeatureServer(name, repository, api.apiId(), api.apiEndpoint());
  }
}
