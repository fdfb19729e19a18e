package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How lookups are answered.
 *
 * @param maxRows 1 to 100,000 rows of one request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServingSpec(
    @JsonPropertyDescription(
            "Shape of the answers of POST /get-online-features: FieldValues, in rows, as Feast's"
                + " Lambda server gave them, or Results, in columns, as Feast's servers do since"
                + " 0.18. POST /v2/get-online-features always answers in columns.")
        @Default("FieldValues")
        ResponseFormat responseFormat,
    @JsonPropertyDescription(
            "Values that are older than their feature view's ttl: Serve serves them as any other,"
                + " as Feast's servers do; Flag serves them with the status OUTSIDE_MAX_AGE;"
                + " Withhold leaves them out, with that status.")
        @Default("Serve")
        StaleFeatures staleFeatures,
    @JsonPropertyDescription("The most rows that one request may ask for; more are refused (413).")
        @Default("" + DEFAULT_MAX_ROWS)
        @Min(1)
        @Max(100_000)
        int maxRows) {

  public static final int DEFAULT_MAX_ROWS = 10_000;

  /** What an absent `serving` means. */
  public static final ServingSpec DEFAULT =
      new ServingSpec(ResponseFormat.FieldValues, StaleFeatures.Serve, DEFAULT_MAX_ROWS);

  /** Absent settings become their defaults, as the API server's defaulting does. */
  @SuppressWarnings("ConstantValue") // Jackson passes null or 0 for what is absent
  public ServingSpec {
    responseFormat = responseFormat == null ? ResponseFormat.FieldValues : responseFormat;
    staleFeatures = staleFeatures == null ? StaleFeatures.Serve : staleFeatures;
    maxRows = maxRows == 0 ? DEFAULT_MAX_ROWS : maxRows;
  }
}
