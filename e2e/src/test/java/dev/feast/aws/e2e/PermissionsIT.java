package dev.feast.aws.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the operator was refused in all that the other classes had it do: it runs after them, as
 * {@code junit-platform.properties} says with {@link ClassOrderer.OrderAnnotation}.
 */
@Order(Integer.MAX_VALUE)
@ExtendWith(Stack.Extension.class)
class PermissionsIT {
  private final Stack stack;

  PermissionsIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void noOperatorLoggedThatItMayNotDoSomething() throws Exception {
    assertThat(stack.operatorLogs()).isNotEmpty().doesNotContainIgnoringCase("forbidden");
  }

  @Test
  void noEventSaysThatTheOperatorMayNotDoSomething() throws Exception {
    JsonNode events =
        new ObjectMapper()
            .readTree(stack.controlPlane().admin().output("get", "events", "-A", "-o", "json"))
            .path("items");
    assertThat(events).isNotEmpty();
    assertThat(events)
        .extracting(event -> event.path("message").asText())
        .noneMatch(message -> message.toLowerCase(Locale.ROOT).contains("forbidden"));
  }
}
