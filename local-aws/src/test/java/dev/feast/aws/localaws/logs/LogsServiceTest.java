package dev.feast.aws.localaws.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.LocalAws;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogsServiceTest {
  private LocalAws aws;
  private LogsClient logs;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    aws = LocalAws.builder().dataDir(data).start();
    logs = new LogsClient(aws.endpoint());
  }

  @AfterEach
  void stop() {
    logs.close();
    aws.close();
  }

  @Test
  void describesGroupsAsTheyWereMade() {
    String arn = logs.group("/feast/dev");
    logs.group("/other");
    logs.call("PutRetentionPolicy", "{\"logGroupName\":\"/feast/dev\",\"retentionInDays\":30}");

    JsonNode found = logs.call("DescribeLogGroups", "{\"logGroupNamePrefix\":\"/feast/\"}");

    assertThat(found.path("logGroups")).hasSize(1);
    JsonNode group = found.path("logGroups").get(0);
    assertThat(group.path("logGroupName").asText()).isEqualTo("/feast/dev");
    assertThat(group.path("arn").asText()).isEqualTo(arn + ":*");
    assertThat(group.path("logGroupArn").asText()).isEqualTo(arn);
    assertThat(group.path("retentionInDays").asInt()).isEqualTo(30);
    logs.call("DeleteRetentionPolicy", "{\"logGroupName\":\"/feast/dev\"}");
    logs.call("DeleteLogGroup", "{\"logGroupName\":\"/other\"}");
    JsonNode left = logs.call("DescribeLogGroups", "{}").path("logGroups");
    assertThat(left).hasSize(1);
    assertThat(left.get(0).has("retentionInDays")).isFalse();
  }

  @Test
  void tagsGroups() {
    logs.call("CreateLogGroup", "{\"logGroupName\":\"g\",\"tags\":{\"a\":\"1\",\"b\":\"2\"}}");
    String resource = "{\"resourceArn\":\"arn:aws:logs:us-west-2:000000000000:log-group:g\"%s}";

    logs.call("TagResource", resource.formatted(",\"tags\":{\"a\":\"3\"}"));
    logs.call("UntagResource", resource.formatted(",\"tagKeys\":[\"b\"]"));

    assertThat(logs.call("ListTagsForResource", resource.formatted("")).path("tags").toString())
        .isEqualTo("{\"a\":\"3\"}");
  }

  @Test
  void pagesThroughGroups() {
    logs.group("a");
    logs.group("b");
    logs.group("c");

    JsonNode first = logs.call("DescribeLogGroups", "{\"limit\":2}");
    JsonNode second =
        logs.call(
            "DescribeLogGroups",
            "{\"limit\":2,\"nextToken\":\"%s\"}".formatted(first.path("nextToken").asText()));

    assertThat(first.path("logGroups")).hasSize(2);
    assertThat(second.path("logGroups")).hasSize(1);
    assertThat(second.has("nextToken")).isFalse();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "CreateLogGroup|{'logGroupName':'there'}|ResourceAlreadyExistsException|The specified log"
            + " group already exists",
        "DeleteLogGroup|{'logGroupName':'not'}|ResourceNotFoundException|The specified log group"
            + " does not exist.",
        "FilterLogEvents|{'logGroupName':'not'}|ResourceNotFoundException|The specified log group"
            + " does not exist.",
        "GetLogEvents|{'logGroupName':'there','logStreamName':'not'}|ResourceNotFoundException|The"
            + " specified log stream does not exist.",
        "PutRetentionPolicy|{'logGroupName':'there','retentionInDays':2}|InvalidParameterException|Invalid"
            + " retention value: 2",
        "ListTagsForResource|{'resourceArn':'arn:aws:logs:us-west-2:000000000000:log-group:not'}|ResourceNotFoundException|The"
            + " specified log group does not exist.",
        "DescribeLogGroups|{'nextToken':'nope'}|InvalidParameterException|The specified nextToken"
            + " is invalid.",
      })
  void answersMistakesAsCloudWatchLogsDoes(
      String operation, String input, String code, String text) {
    logs.group("there");

    JsonNode error = logs.call(operation, input.replace('\'', '"'));

    assertThat(error.path("__type").asText()).isEqualTo(code);
    assertThat(error.path("message").asText()).isEqualTo(text);
  }
}
