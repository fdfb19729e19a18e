package dev.feast.aws.runtime.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * How lookups are answered: {@code spec.serving} of the FeatureServer, which the operator writes
 * into {@value #VARIABLE} as JSON. What is not in it has its default.
 *
 * @param maxRows of one request, 1 to {@value #MAX_ROWS}
 */
public record ServingConfig(
    ResponseFormat responseFormat, StaleFeatures staleFeatures, int maxRows) {

  static final String VARIABLE = "FEATURE_SERVER_SERVING";

  /** Past it no answer of one number a row would fit Lambda's 6 MB. */
  static final int MAX_ROWS = 100_000;

  public static final ServingConfig DEFAULT =
      new ServingConfig(ResponseFormat.FIELD_VALUES, StaleFeatures.SERVE, 10_000);

  /** The shape of {@code POST /get-online-features}. */
  public enum ResponseFormat {
    /** Rows, as Feast's Lambda server gave them. */
    FIELD_VALUES,
    /** Columns, as Feast since 0.18; what /v2 always gives. */
    RESULTS
  }

  /** What becomes of values that are older than their view's ttl. */
  public enum StaleFeatures {
    /** They are served like all others, as Feast's servers do. */
    SERVE,
    /** They are served with the status OUTSIDE_MAX_AGE. */
    FLAG,
    /** They are left out, with the status OUTSIDE_MAX_AGE. */
    WITHHOLD
  }

  /** Returns the defaults where the variable is not set. */
  public static ServingConfig of(Map<String, String> environment) throws ConfigException {
    String text = environment.get(VARIABLE);
    return text == null ? DEFAULT : parse(text);
  }

  private static ServingConfig parse(String text) throws ConfigException {
    ServingConfig serving = DEFAULT;
    try (JsonParser json = new JsonFactory().createParser(text)) {
      json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new ConfigException(VARIABLE + " has to be a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        json.nextToken();
        serving = serving.with(key, json);
      }
      if (json.nextToken() != null) {
        throw new ConfigException(VARIABLE + " has something behind its JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new ConfigException(VARIABLE + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return serving;
  }

  private ServingConfig with(String key, JsonParser json) throws IOException, ConfigException {
    return switch (key) {
      case "responseFormat" -> new ServingConfig(responseFormat(json), staleFeatures, maxRows);
      case "staleFeatures" -> new ServingConfig(responseFormat, staleFeatures(json), maxRows);
      case "maxRows" -> new ServingConfig(responseFormat, staleFeatures, maxRows(json));
      default ->
          throw new ConfigException(
              VARIABLE
                  + " has the unknown key "
                  + key
                  + "; there are responseFormat, staleFeatures and maxRows");
    };
  }

  private static ResponseFormat responseFormat(JsonParser json)
      throws IOException, ConfigException {
    return switch (json.getText()) {
      case "FieldValues" -> ResponseFormat.FIELD_VALUES;
      case "Results" -> ResponseFormat.RESULTS;
      default -> throw wrong("responseFormat", json, "FieldValues or Results");
    };
  }

  private static StaleFeatures staleFeatures(JsonParser json) throws IOException, ConfigException {
    return switch (json.getText()) {
      case "Serve" -> StaleFeatures.SERVE;
      case "Flag" -> StaleFeatures.FLAG;
      case "Withhold" -> StaleFeatures.WITHHOLD;
      default -> throw wrong("staleFeatures", json, "Serve, Flag or Withhold");
    };
  }

  private static int maxRows(JsonParser json) throws IOException, ConfigException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() == JsonParser.NumberType.INT
        && json.getIntValue() >= 1
        && json.getIntValue() <= MAX_ROWS) {
      return json.getIntValue();
    }
    throw wrong("maxRows", json, "a whole number from 1 to " + MAX_ROWS);
  }

  private static ConfigException wrong(String key, JsonParser json, String needed)
      throws IOException {
    return new ConfigException(
        VARIABLE + " has " + json.getText() + " as " + key + "; needed is " + needed);
  }
}
