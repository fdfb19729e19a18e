package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where API Gateway writes a line for each request.
 *
 * @param logGroup null only where an object was written by somebody who passed the schema by
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.format) || self.format.contains('$context.requestId')"
            + " || self.format.contains('$context.extendedRequestId')",
    message = "format must hold $context.requestId or $context.extendedRequestId")
@JsonIgnoreProperties(ignoreUnknown = true)
public record AccessLogSpec(
    @JsonPropertyDescription(
            "Name of a CloudWatch Logs log group in the account and region of the endpoint. It must"
                + " be there: its retention and its costs are yours to decide.")
        @Required
        @Size(min = 1, max = 512)
        @Pattern("^[A-Za-z0-9_/.#-]+$")
        @Nullable String logGroup,
    @JsonPropertyDescription(
            "The line, with $context variables of API Gateway's HTTP APIs; $context.requestId or"
                + " $context.extendedRequestId must be among them. By default JSON with time,"
                + " caller's address, route, status, latency and errors.")
        @Default("'" + DEFAULT_FORMAT + "'") // Quoted, for as YAML it would be an object.
        @Size(min = 1, max = 3000)
        String format) {

  public static final String DEFAULT_FORMAT =
      "{\"requestId\":\"$context.requestId\",\"time\":\"$context.requestTime\","
          + "\"ip\":\"$context.identity.sourceIp\",\"route\":\"$context.routeKey\","
          + "\"status\":\"$context.status\",\"bytes\":\"$context.responseLength\","
          + "\"latencyMs\":\"$context.responseLatency\","
          + "\"error\":\"$context.error.message\","
          + "\"integrationError\":\"$context.integrationErrorMessage\"}";

  /** An absent format becomes its default, as the API server's defaulting does. */
  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public AccessLogSpec {
    format = format == null ? DEFAULT_FORMAT : format;
  }
}
