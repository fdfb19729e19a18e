package dev.feast.aws.localaws.lambda;

import static dev.feast.aws.localaws.lambda.TestFunctions.ARN;
import static dev.feast.aws.localaws.lambda.TestFunctions.assertError;
import static dev.feast.aws.localaws.lambda.TestFunctions.text;

import dev.feast.aws.localaws.lambda.TestFunctions.Use;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;

/** What Lambda says to a call that it does not take. */
class FunctionMistakesTest {
  private TestFunctions functions;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    functions = new TestFunctions(data);
  }

  @AfterEach
  void stop() {
    functions.close();
  }

  private static Arguments mistake(String name, int status, String code, String text, Use use) {
    return Arguments.of(name, status, code, text, use);
  }

  static Stream<Arguments> mistakes() {
    String nope = ARN.replace("feast-dev", "nope");
    return Stream.of(
        mistake(
            "get what is not there",
            404,
            "ResourceNotFoundException",
            "Function not found: " + nope,
            t -> t.lambda.getFunction(r -> r.functionName("nope"))),
        mistake(
            "get a version that is not there",
            404,
            "ResourceNotFoundException",
            "Function not found: " + ARN + ":7",
            t -> t.lambda.getFunction(r -> r.functionName("feast-dev").qualifier("7"))),
        mistake(
            "another region",
            404,
            "ResourceNotFoundException",
            "Functions from 'eu-west-1' are not reachable in this region ('us-west-2')",
            t -> t.lambda.getFunction(r -> r.functionName(ARN.replace("us-west-2", "eu-west-1")))),
        mistake(
            "two qualifiers",
            400,
            "InvalidParameterValueException",
            "The derived qualifier from the function name does not match the specified qualifier.",
            t -> t.lambda.getFunction(r -> r.functionName(ARN + ":1").qualifier("2"))),
        mistake(
            "name taken",
            409,
            "ResourceConflictException",
            "Function already exist: feast-dev",
            t -> t.create(r -> {})),
        mistake(
            "no such image",
            400,
            "InvalidParameterValueException",
            "Source image HOST/000000000000/us-west-2/feast-dev:nope does not exist. Provide a"
                + " valid source image.",
            t -> t.create(r -> r.functionName("x").code(c -> c.imageUri(t.repository + ":nope")))),
        mistake(
            "no image",
            400,
            "InvalidParameterValueException",
            "Source image busybox:latest is not valid. Provide a valid source image.",
            t -> t.create(r -> r.functionName("x").code(c -> c.imageUri("busybox:latest")))),
        mistake(
            "memory",
            400,
            "ValidationException",
            "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint:"
                + " Member must have value greater than or equal to 128",
            t -> t.create(r -> r.functionName("x").memorySize(64))),
        mistake(
            "timeout",
            400,
            "ValidationException",
            "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint:"
                + " Member must have value less than or equal to 900",
            t -> t.create(r -> r.functionName("x").timeout(901))),
        mistake(
            "role",
            400,
            "ValidationException",
            "1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member"
                + " must satisfy regular expression pattern:"
                + " arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
            t -> t.create(r -> r.functionName("x").role("r1"))),
        mistake(
            "ephemeral storage",
            400,
            "ValidationException",
            "1 validation error detected: Value '511' at 'ephemeralStorage.size' failed to satisfy"
                + " constraint: Member must have value greater than or equal to 512",
            t -> t.create(r -> r.functionName("x").ephemeralStorage(e -> e.size(511)))),
        mistake(
            "tracing",
            400,
            "ValidationException",
            "1 validation error detected: Value 'Always' at 'tracingConfig.mode' failed to satisfy"
                + " constraint: Member must satisfy enum value set: [Active, PassThrough]",
            t -> t.create(r -> r.functionName("x").tracingConfig(c -> c.mode("Always")))),
        mistake(
            "subnets that are none",
            400,
            "ValidationException",
            "1 validation error detected: Value '[vpc-1]' at 'vpcConfig.subnetIds' failed to"
                + " satisfy constraint: Member must satisfy constraint: [Member must satisfy"
                + " regular expression pattern: ^subnet-[0-9a-z]*$]",
            t ->
                t.create(
                    r ->
                        r.functionName("x")
                            .vpcConfig(v -> v.subnetIds("vpc-1").securityGroupIds("sg-1")))),
        mistake(
            "subnets without security groups",
            400,
            "InvalidParameterValueException",
            "SubnetIds and SecurityIds must coexist or be both empty list.",
            t -> t.create(r -> r.functionName("x").vpcConfig(v -> v.subnetIds("subnet-1")))),
        mistake(
            "reserved variable",
            400,
            "InvalidParameterValueException",
            "Lambda was unable to configure your environment variables because the environment"
                + " variables you have provided contains reserved keys that are currently not"
                + " supported for modification. Reserved keys used in this request: AWS_REGION",
            t ->
                t.create(
                    r ->
                        r.functionName("x")
                            .environment(e -> e.variables(Map.of("AWS_REGION", "x"))))),
        mistake(
            "environment too large",
            400,
            "InvalidParameterValueException",
            "Lambda was unable to configure your environment variables because the environment"
                + " variables you have provided exceeded the 4KB limit. String measured:"
                + " {\"BIG\":\""
                + "x".repeat(4087)
                + "\"}",
            t ->
                t.create(
                    r ->
                        r.functionName("x")
                            .environment(e -> e.variables(Map.of("BIG", "x".repeat(4087)))))),
        mistake(
            "a page of no aliases",
            400,
            "ValidationException",
            "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint:"
                + " Member must have value greater than or equal to 1",
            t -> t.lambda.listAliases(r -> r.functionName("feast-dev").maxItems(0))),
        mistake(
            "a page whose size is no number",
            400,
            "SerializationException",
            "MaxItems is not a number: x",
            t ->
                t.lambda.listAliases(
                    r ->
                        r.functionName("feast-dev")
                            .overrideConfiguration(c -> c.putRawQueryParameter("MaxItems", "x")))),
        mistake(
            "alias to nothing",
            404,
            "ResourceNotFoundException",
            "Function not found: " + ARN + ":9",
            t ->
                t.lambda.createAlias(
                    r -> r.functionName("feast-dev").name("live").functionVersion("9"))),
        mistake(
            "alias that is a number",
            400,
            "ValidationException",
            "1 validation error detected: Value '2024' at 'name' failed to satisfy constraint:"
                + " Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
            t ->
                t.lambda.createAlias(
                    r -> r.functionName("feast-dev").name("2024").functionVersion("1"))),
        mistake(
            "permission on no alias",
            404,
            "ResourceNotFoundException",
            "Cannot find alias arn: " + ARN + ":nope",
            t -> t.permit(r -> r.qualifier("nope"))),
        mistake(
            "permission on $LATEST",
            400,
            "InvalidParameterValueException",
            "We currently do not support adding policies for $LATEST.",
            t -> t.permit(r -> r.qualifier("$LATEST"))),
        mistake(
            "permission for nobody",
            400,
            "InvalidParameterValueException",
            "The provided principal was invalid. Please check the principal and try again.",
            t -> t.permit(r -> r.principal("nobody"))),
        mistake(
            "permission twice",
            409,
            "ResourceConflictException",
            "The statement id (sid) provided already exists. Please provide a new statement id, or"
                + " remove the existing statement.",
            t -> {
              t.permit(r -> {});
              t.permit(r -> {});
            }),
        mistake(
            "remove a statement that is not there",
            404,
            "ResourceNotFoundException",
            "Statement other is not found in resource policy.",
            t -> {
              t.permit(r -> {});
              t.lambda.removePermission(r -> r.functionName("feast-dev").statementId("other"));
            }),
        mistake(
            "delete $LATEST",
            400,
            "InvalidParameterValueException",
            "$LATEST version cannot be deleted without deleting the function.",
            t -> t.lambda.deleteFunction(r -> r.functionName("feast-dev").qualifier("$LATEST"))),
        mistake(
            "tag a version",
            400,
            "InvalidParameterValueException",
            "Tags on function aliases and versions are not supported. Please specify a function"
                + " ARN.",
            t -> t.lambda.tagResource(r -> r.resource(ARN + ":1").tags(Map.of("a", "b")))),
        mistake(
            "reserve for a version",
            400,
            "InvalidParameterValueException",
            "This operation is permitted on Lambda functions only. Aliases and versions do not"
                + " support this operation. Please specify either a function name or an unqualified"
                + " function ARN.",
            t ->
                t.lambda.putFunctionConcurrency(
                    r -> r.functionName(ARN + ":1").reservedConcurrentExecutions(1))),
        mistake(
            "reserve too much",
            400,
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's"
                + " UnreservedConcurrentExecution below its minimum value of [10].",
            t ->
                t.lambda.putFunctionConcurrency(
                    r -> r.functionName("feast-dev").reservedConcurrentExecutions(11))),
        mistake(
            "zip",
            400,
            "InvalidParameterValueException",
            "Please provide ImageUri when updating a function with packageType Image.",
            t ->
                t.lambda.updateFunctionCode(
                    r -> r.functionName("feast-dev").zipFile(SdkBytes.fromUtf8String("zip")))),
        mistake(
            "event that is no JSON",
            400,
            "InvalidRequestContentException",
            "Could not parse request body into json: Could not parse payload into json:"
                + " Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or"
                + " token 'null', 'true' or 'false')",
            t ->
                t.lambda.invoke(
                    r -> r.functionName("feast-dev").payload(SdkBytes.fromUtf8String("x")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void answersMistakesAsLambdaDoes(String name, int status, String code, String text, Use use) {
    functions.create(r -> {});
    functions.awaitActive();
    assertError(
        () -> use.of(functions),
        status,
        code,
        text.replace("HOST", functions.aws.endpoint().getAuthority()));
  }
}
