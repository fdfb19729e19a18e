package dev.feast.aws.operator.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PolicyCommandTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String OPERATOR =
      "operator --account=123456789012 --region=us-west-2 --execution-role=feast";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String line) {
    return new CommandLine(new PolicyCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(line.isEmpty() ? new String[0] : line.split(" "));
  }

  private JsonNode printed(String line) throws Exception {
    assertThat(run(line)).as(err.toString()).isZero();
    return JSON.readTree(out.toString());
  }

  private static Stream<String> resources(JsonNode policy, String sid) {
    return policy
        .path("Statement")
        .valueStream()
        .filter(statement -> statement.path("Sid").asText().equals(sid))
        .flatMap(statement -> statement.path("Resource").valueStream())
        .map(JsonNode::asText);
  }

  @Test
  void namesAccountRegionAndPrefix() throws Exception {
    JsonNode policy = printed(OPERATOR);

    assertThat(out.toString()).doesNotContain("${");
    assertThat(resources(policy, "Functions"))
        .containsExactly("arn:aws:lambda:us-west-2:123456789012:function:feast-*");
    assertThat(resources(policy, "PassExecutionRoles"))
        .containsExactly("arn:aws:iam::123456789012:role/feast");
    assertThat(resources(policy, "TagApis"))
        .containsExactly(
            "arn:aws:apigateway:us-west-2::/tags/arn%3Aaws%3Aapigateway%3Aus-west-2%3A%3A%2Fapis%2F*");
    assertThat(resources(policy, "ImagesOfOthers")).isEmpty();
    assertThat(out.toString()).doesNotContain("ImagesOfOthers");
  }

  @Test
  void repeatsWhatThereAreSeveralOf() throws Exception {
    JsonNode policy =
        printed(
            "operator --account=123456789012 --region=us-west-2,eu-west-1"
                + " --execution-role=feast-*,arn:aws:iam::123456789012:role/team/ml"
                + " --image-repository=images --image-repository=ml/*");

    assertThat(resources(policy, "Functions")).hasSize(2);
    assertThat(resources(policy, "PassExecutionRoles"))
        .containsExactly(
            "arn:aws:iam::123456789012:role/feast-*", "arn:aws:iam::123456789012:role/team/ml");
    assertThat(resources(policy, "ImagesOfOthers"))
        .containsExactly(
            "arn:aws:ecr:us-west-2:123456789012:repository/images",
            "arn:aws:ecr:us-west-2:123456789012:repository/ml/*",
            "arn:aws:ecr:eu-west-1:123456789012:repository/images",
            "arn:aws:ecr:eu-west-1:123456789012:repository/ml/*");
    assertThat(resources(policy, "TagNewApis")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "us-west-2,      aws",
    "cn-north-1,     aws-cn",
    "us-gov-west-1,  aws-us-gov",
  })
  void findsThePartitionOfTheRegion(String region, String partition) throws Exception {
    assertThat(resources(printed(OPERATOR.replace("us-west-2", region)), "Functions"))
        .allMatch(arn -> arn.startsWith("arn:" + partition + ":lambda:" + region));
  }

  @Test
  void printsWhatFunctionsNeed() throws Exception {
    JsonNode policy =
        printed(
            "execution --account=123456789012 --region=us-west-2"
                + " --registry=s3://feast/registries/dev --project=dev");

    assertThat(resources(policy, "FeatureRegistry"))
        .containsExactly("arn:aws:s3:::feast/registries/dev");
    assertThat(resources(policy, "OnlineStore"))
        .containsExactly("arn:aws:dynamodb:us-west-2:123456789012:table/dev.*");
  }

  @ParameterizedTest
  @CsvSource({
    "--vpc,           Network,  true",
    "--tracing,       Traces,   true",
    "--tracing,       Network,  false",
  })
  void printsWhatOptionsOfFunctionsNeedWhereTheyAreUsed(String option, String sid, boolean there)
      throws Exception {
    JsonNode policy =
        printed(
            "execution --account=123456789012 --region=us-west-2 --registry=s3://feast/dev"
                + " --project=dev "
                + option);

    assertThat(resources(policy, sid)).containsExactlyElementsOf(there ? List.of("*") : List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "--vpc,                     Networks",
    "--log-retention,           LogGroups",
    "--log-retention,           FindLogGroups",
    "--access-logs,             DeliverAccessLogs",
    "--access-logs,             FindLogGroups",
    "--kms-key=arn:aws:kms:us-west-2:123456789012:key/1, EncryptEnvironments",
    "--assume-role=arn:aws:iam::210987654321:role/feast, ActInOtherAccounts",
    "--reserved-concurrency,    ReservedConcurrency",
    "--provisioned-concurrency, ProvisionedConcurrency",
  })
  void letsTheOperatorDoWhatOptionsNeedOnlyWhereTheyMayBeUsed(String option, String sid)
      throws Exception {
    assertThat(resources(printed(OPERATOR), sid)).isEmpty();
    out.getBuffer().setLength(0);
    assertThat(resources(printed(OPERATOR + " " + option), sid)).hasSize(1);
  }

  @Test
  void printsWhomFunctionsRolesTrust() throws Exception {
    assertThat(
            printed("execution-trust")
                .path("Statement")
                .path(0)
                .path("Principal")
                .path("Service")
                .asText())
        .isEqualTo("lambda.amazonaws.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "operator --region=us-west-2 --execution-role=feast                       | --account",
        "operator --account=12 --region=us-west-2 --execution-role=feast          | --account is"
            + " '12'",
        "operator --account=123456789012 --region=west --execution-role=feast     | --region is"
            + " 'west'",
        "operator --account=123456789012 --region=us-west-2 --execution-role=a*b  |"
            + " --execution-role is 'a*b'",
        "operator --account=123456789012 --region=us-west-2 --execution-role=*    |"
            + " --execution-role is '*'",
        "execution --account=123456789012 --region=us-west-2 --registry=feast --project=dev |"
            + " --registry is 'feast'",
        "execution --account=123456789012 --region=us-west-2 --registry=s3://a/b --project=* |"
            + " --project is '*'",
        "''                                                                       | which",
      })
  void saysWhatIsWrong(String line, String said) {
    assertThat(run(line)).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(said);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "operator", "execution", "execution-trust"})
  void explainsItself(String subcommand) {
    assertThat(run((subcommand + " --help").strip())).isZero();
    assertThat(out.toString()).contains("Usage: iam-policy").contains("--help");
  }
}
