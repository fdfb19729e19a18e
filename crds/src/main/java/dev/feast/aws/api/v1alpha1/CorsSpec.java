package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * Which web pages may read the endpoint's answers. API Gateway answers preflight requests itself,
 * whoever asks, and adds the headers to other answers.
 *
 * @param maxAgeSeconds 0 to 86,400
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.allowCredentials) || !self.allowCredentials || !('*' in self.allowOrigins)",
    message = "allowCredentials cannot go with the origin *; name the origins")
@JsonIgnoreProperties(ignoreUnknown = true)
public record CorsSpec(
    @JsonPropertyDescription(
            "Origins of the pages, such as https://ml.example.com; * is any, https://* any over"
                + " TLS.")
        @Required
        @Size(min = 1, max = 50)
        List<@Size(min = 1, max = 256) String> allowOrigins,
    @JsonPropertyDescription(
            "Methods that pages may use. By default GET and POST, which are all that there is.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 16) String> allowMethods,
    @JsonPropertyDescription(
            "Headers that pages may send. By default content-type, authorization and x-api-key.")
        @Size(max = 50)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 128) String> allowHeaders,
    @JsonPropertyDescription("Headers of answers that pages may read, beside the common ones.")
        @Size(max = 50)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 128) String> exposeHeaders,
    @JsonPropertyDescription(
            "For how many seconds browsers may keep the answer to a preflight request.")
        @Default("0")
        @Min(0)
        @Max(86_400)
        int maxAgeSeconds,
    @JsonPropertyDescription(
            "Whether pages may send cookies and the like; not together with the origin *.")
        @Default("false")
        boolean allowCredentials) {

  private static final List<String> DEFAULT_METHODS = List.of("GET", "POST");
  private static final List<String> DEFAULT_HEADERS =
      List.of("content-type", "authorization", "x-api-key");

  @SuppressWarnings("ConstantValue") // Jackson passes null for what is absent
  public CorsSpec {
    allowOrigins = allowOrigins == null ? List.of() : List.copyOf(allowOrigins);
    allowMethods =
        allowMethods == null || allowMethods.isEmpty()
            ? DEFAULT_METHODS
            : List.copyOf(allowMethods);
    allowHeaders =
        allowHeaders == null || allowHeaders.isEmpty()
            ? DEFAULT_HEADERS
            : List.copyOf(allowHeaders);
    exposeHeaders = exposeHeaders == null ? List.of() : List.copyOf(exposeHeaders);
  }
}
