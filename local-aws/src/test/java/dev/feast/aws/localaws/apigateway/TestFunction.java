package dev.feast.aws.localaws.apigateway;

import static org.awaitility.Awaitility.await;

import dev.feast.aws.localaws.Sdk;
import dev.feast.aws.localaws.lambda.TestImages;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.State;

/** The function {@code feast-dev} behind the alias {@code live}. */
final class TestFunction {
  static final String NAME = "feast-dev";
  static final String ARN = "arn:aws:lambda:us-west-2:000000000000:function:" + NAME;

  private TestFunction() {}

  static void create(URI endpoint, Sdk sdk) {
    LambdaClient lambda = sdk.lambda();
    var images = new TestImages(endpoint, sdk.ecr());
    String image = images.push(images.repository(NAME), "v1", "layer");
    lambda.createFunction(
        r ->
            r.functionName(NAME)
                .packageType(PackageType.IMAGE)
                .code(c -> c.imageUri(image))
                .timeout(30)
                .role("arn:aws:iam::000000000000:role/feast"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                lambda.getFunctionConfiguration(r -> r.functionName(NAME)).state() == State.ACTIVE);
    lambda.publishVersion(r -> r.functionName(NAME));
    lambda.createAlias(r -> r.functionName(NAME).name("live").functionVersion("1"));
  }
}
