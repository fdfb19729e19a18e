package dev.feast.aws.localaws.lambda;

import static dev.feast.aws.localaws.lambda.TestFunctions.ARN;
import static dev.feast.aws.localaws.lambda.TestFunctions.assertError;
import static dev.feast.aws.localaws.lambda.TestFunctions.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.PublishVersionResponse;
import software.amazon.awssdk.services.lambda.model.State;

/** Published versions, the aliases that lead to them, and the policy of each. */
class FunctionVersionsTest {
  private TestFunctions functions;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    functions = new TestFunctions(data);
  }

  @AfterEach
  void stop() {
    functions.close();
  }

  @Test
  void publishesNothingNewWhereNothingChanged() {
    functions.create(r -> {});
    String revision = functions.awaitActive().revisionId();
    PublishVersionResponse first =
        functions.lambda.publishVersion(r -> r.functionName("feast-dev").description("one"));

    assertThat(first.version()).isEqualTo("1");
    assertThat(first.functionArn()).isEqualTo(ARN + ":1");
    assertThat(first.description()).isEqualTo("one");
    assertThat(first.state()).isEqualTo(State.ACTIVE);
    assertThat(functions.configuration().revisionId()).isNotEqualTo(revision);
    assertThat(functions.lambda.publishVersion(r -> r.functionName("feast-dev")).version())
        .isEqualTo("1");
    functions.update(r -> r.timeout(9));
    assertThat(functions.lambda.publishVersion(r -> r.functionName("feast-dev")).version())
        .isEqualTo("2");
    functions.lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("2"));
    functions.update(r -> r.timeout(10));
    assertThat(functions.lambda.publishVersion(r -> r.functionName("feast-dev")).version())
        .isEqualTo("3");
    var versions =
        functions.lambda.listVersionsByFunction(r -> r.functionName("feast-dev")).versions();
    assertThat(versions)
        .extracting(FunctionConfiguration::version)
        .containsExactly("$LATEST", "1", "3");
    assertThat(versions).allSatisfy(v -> assertThat(v.stateAsString()).isNull());
  }

  @Test
  void publishesOnlyWhatTheCallerMeant() {
    functions.create(r -> {});
    functions.awaitActive();
    String sha = functions.image.split("sha256:")[1];

    assertError(
        () ->
            functions.lambda.publishVersion(
                r -> r.functionName("feast-dev").codeSha256("0".repeat(64))),
        400,
        "InvalidParameterValueException",
        "CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST."
            .formatted("0".repeat(64), sha));
    assertError(
        () -> functions.lambda.publishVersion(r -> r.functionName("feast-dev").revisionId("nope")),
        412,
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. Call the"
            + " GetFunction/GetAlias API to retrieve the latest Revision Id");
  }

  @Test
  void keepsAVersionAsItWasPublished() {
    functions.handler = i -> "\"" + i.functionVersion() + " " + i.environment().get("WHO") + "\"";
    functions.create(r -> r.environment(e -> e.variables(Map.of("WHO", "first"))));
    functions.awaitActive();
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));
    functions.update(r -> r.environment(e -> e.variables(Map.of("WHO", "second"))));

    assertThat(text(functions.invoke("1"))).isEqualTo("\"1 first\"");
    assertThat(text(functions.invoke(""))).isEqualTo("\"$LATEST second\"");
    assertThat(functions.invoke("1").executedVersion()).isEqualTo("1");
  }

  @Test
  void movesAnAlias() {
    functions.handler = i -> "\"" + i.functionVersion() + " " + i.invokedArn() + "\"";
    functions.create(r -> {});
    functions.awaitActive();
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));
    var alias =
        functions.lambda.createAlias(
            r -> r.functionName("feast-dev").name("live").functionVersion("1"));
    assertThat(alias.aliasArn()).isEqualTo(ARN + ":live");
    functions.update(r -> r.timeout(9));
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));

    assertThat(text(functions.invoke("live"))).isEqualTo("\"1 " + ARN + ":live\"");
    var moved =
        functions.lambda.updateAlias(
            r -> r.functionName("feast-dev").name("live").functionVersion("2"));
    assertThat(moved.revisionId()).isNotEqualTo(alias.revisionId());
    assertThat(text(functions.invoke("live"))).isEqualTo("\"2 " + ARN + ":live\"");
    assertThat(
            functions
                .lambda
                .getFunction(r -> r.functionName(ARN + ":live"))
                .configuration()
                .version())
        .isEqualTo("2");
    assertThat(
            functions
                .lambda
                .listAliases(r -> r.functionName("feast-dev").functionVersion("2"))
                .aliases())
        .extracting(a -> a.name())
        .containsExactly("live");
    assertError(
        () -> functions.lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("2")),
        409,
        "ResourceConflictException",
        "Unable to delete version because the following aliases reference it: [live]");
    functions.lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("1"));
    functions.lambda.deleteAlias(r -> r.functionName("feast-dev").name("live"));
    assertError(
        () -> functions.lambda.getAlias(r -> r.functionName("feast-dev").name("live")),
        404,
        "ResourceNotFoundException",
        "Cannot find alias arn: " + ARN + ":live");
  }

  @Test
  void splitsTrafficByTheWeightsOfAnAlias() {
    functions.handler = i -> "\"" + i.functionVersion() + "\"";
    functions.create(r -> {});
    functions.awaitActive();
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));
    functions.update(r -> r.timeout(9));
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));
    functions.lambda.createAlias(
        r ->
            r.functionName("feast-dev")
                .name("live")
                .functionVersion("1")
                .routingConfig(c -> c.additionalVersionWeights(Map.of("2", 1.0))));

    assertThat(text(functions.invoke("live"))).isEqualTo("\"2\"");
  }

  @Test
  void keepsAPolicyForEachQualifier() {
    functions.create(r -> {});
    functions.awaitActive();
    functions.lambda.publishVersion(r -> r.functionName("feast-dev"));
    functions.lambda.createAlias(
        r -> r.functionName("feast-dev").name("live").functionVersion("1"));
    String source = "arn:aws:execute-api:us-west-2:000000000000:abc/$default/GET/health";

    var added =
        functions.lambda.addPermission(
            r ->
                r.functionName("feast-dev")
                    .qualifier("live")
                    .statementId("get-health")
                    .action("lambda:InvokeFunction")
                    .principal("apigateway.amazonaws.com")
                    .sourceArn(source));
    assertThat(added.statement())
        .isEqualTo(
            """
            {"Sid":"get-health","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"%s:live","Condition":{"ArnLike":{"AWS:SourceArn":"%s"}}}\
            """
                .formatted(ARN, source));
    assertThat(
            functions.lambda.getPolicy(r -> r.functionName("feast-dev").qualifier("live")).policy())
        .isEqualTo(
            "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":["
                + added.statement()
                + "]}");
    assertError(
        () -> functions.lambda.getPolicy(r -> r.functionName("feast-dev")),
        404,
        "ResourceNotFoundException",
        "The resource you requested does not exist.");
    functions.lambda.removePermission(
        r -> r.functionName("feast-dev").qualifier("live").statementId("get-health"));
    assertError(
        () ->
            functions.lambda.removePermission(
                r -> r.functionName("feast-dev").qualifier("live").statementId("get-health")),
        404,
        "ResourceNotFoundException",
        "No policy is associated with the given resource.");
  }
}
