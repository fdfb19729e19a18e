package dev.feast.aws.runtime.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feast.aws.runtime.MemoryServer;
import dev.feast.aws.runtime.http.Deadline;
import java.io.IOException;
import java.time.Duration;

/** What holds for every event, whatever is in it. */
final class EventCheck {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .build();

  private final ApiGatewayEvents events = new ApiGatewayEvents(MemoryServer.of("feast-0.67"));

  /** Answers within Lambda's limit, in JSON, and knows what is wrong where something is. */
  void check(byte[] event) throws IOException {
    byte[] answer = events.answer(event, Deadline.in(Duration.ofSeconds(20)));
    assertThat(answer.length).isLessThanOrEqualTo(ApiGatewayEvents.MAX_ANSWER_BYTES);
    JsonNode payload = JSON.readTree(answer);
    String body = payload.get("body").textValue();
    int status = payload.get("statusCode").intValue();
    assertThat(status).as(body).isNotEqualTo(500).isLessThan(600);
    JsonNode json = JSON.readTree(body);
    assertThat(json.isObject()).isTrue();
    assertThat(status == 200).isNotEqualTo(json.has("code"));
    if (status != 200) {
      assertThat(body.length()).isLessThan(4_000);
    }
  }
}
