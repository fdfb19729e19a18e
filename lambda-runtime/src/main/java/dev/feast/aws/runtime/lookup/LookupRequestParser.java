package dev.feast.aws.runtime.lookup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Excerpt;
import dev.feast.aws.runtime.http.Refusal;
import dev.feast.aws.runtime.http.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the body of a lookup in one pass. Keys that are not known are skipped, as in Feast. */
final class LookupRequestParser {

  /** Features of one request, far past what a model takes. */
  static final int MAX_FEATURES = 5_000;

  /** Columns, far past the join keys of any store, and what all of them hold: of memory. */
  static final int MAX_COLUMNS = 100;

  static final int MAX_VALUES = 1_000_000;

  private static final int MAX_DEPTH = 32;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final int maxRows;
  private List<String> features = List.of();
  private @Nullable String featureService;
  private Map<String, List<EntityValue>> entities = Map.of();
  private boolean fullFeatureNames;
  private boolean viewVersions;
  private int values;

  private LookupRequestParser(int maxRows) {
    this.maxRows = maxRows;
  }

  /**
   * Returns the request, or throws a {@link Refusal} that names what is wrong with it.
   *
   * @param maxRows how many rows it may have
   */
  static LookupRequest parse(byte[] body, int maxRows) {
    if (body.length > Request.MAX_BODY_BYTES) {
      throw new Refusal(
          ErrorCode.REQUEST_TOO_LARGE,
          "the body has more than " + Request.MAX_BODY_BYTES + " bytes; ask in several requests");
    }
    if (!looksLikeUtf8(body)) {
      throw invalid("the body has to be JSON in UTF-8");
    }
    var parser = new LookupRequestParser(maxRows);
    try (JsonParser json = JSON.createParser(body)) {
      parser.parseBody(json);
    } catch (JsonProcessingException e) {
      // Without the parser's source excerpt: it would echo the body into logs of clients.
      throw invalid("the body is not JSON: " + Excerpt.of(e.getOriginalMessage()));
    } catch (IOException e) {
      // The source is memory, so that it can only be about what is in it.
      throw invalid("the body is not JSON in UTF-8: " + Excerpt.of(String.valueOf(e.getMessage())));
    }
    parser.checkRows();
    return new LookupRequest(
        parser.features,
        parser.featureService,
        parser.entities,
        parser.fullFeatureNames,
        parser.viewVersions);
  }

  /**
   * Whether the parser would read it as UTF-8: it takes byte order marks and zeros at the beginning
   * for UTF-16 and UTF-32, and fails over some of them.
   */
  private static boolean looksLikeUtf8(byte[] body) {
    for (int i = 0; i < Math.min(4, body.length); i++) {
      // No byte of UTF-8 is FE or FF, and JSON has no 0 in it.
      if (body[i] == 0 || (body[i] & 0xFE) == 0xFE) {
        return false;
      }
    }
    return true;
  }

  private void parseBody(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw invalid("the body has to be a JSON object with features and entities");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "features" -> features = parseFeatures(json, value);
        case "feature_service" -> featureService = parseFeatureService(json, value);
        case "entities" -> entities = parseEntities(json, value);
        case "full_feature_names" -> fullFeatureNames = parseFlag(key, value);
        case "include_feature_view_version_metadata" -> viewVersions = parseFlag(key, value);
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw invalid("something follows the JSON object in the body");
    }
  }

  private static List<String> parseFeatures(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return List.of();
    }
    String expected = "features has to be a list of texts such as \"driver_stats:conv_rate\"";
    if (value != JsonToken.START_ARRAY) {
      throw invalid(expected);
    }
    List<String> features = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw invalid(expected);
      }
      if (features.size() == MAX_FEATURES) {
        throw new Refusal(
            ErrorCode.REQUEST_TOO_LARGE, "features names more than " + MAX_FEATURES + " features");
      }
      features.add(json.getText());
    }
    return features;
  }

  private static @Nullable String parseFeatureService(JsonParser json, JsonToken value)
      throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value != JsonToken.VALUE_STRING) {
      throw invalid("feature_service has to be a text, the service's name");
    }
    // Feast, too, takes the empty text for none.
    return json.getText().isEmpty() ? null : json.getText();
  }

  private static boolean parseFlag(String key, JsonToken value) {
    return switch (value) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw invalid(key + " has to be true or false");
    };
  }

  private Map<String, List<EntityValue>> parseEntities(JsonParser json, JsonToken value)
      throws IOException {
    String expected = "entities has to be an object of lists such as {\"driver_id\": [1001, 1002]}";
    if (value != JsonToken.START_OBJECT) {
      throw invalid(expected);
    }
    Map<String, List<EntityValue>> entities = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw invalid(expected + "; " + Excerpt.of(name) + " is not a list");
      }
      entities.put(name, parseColumn(json, name));
      if (entities.size() > MAX_COLUMNS) {
        throw new Refusal(
            ErrorCode.REQUEST_TOO_LARGE, "entities has more than " + MAX_COLUMNS + " columns");
      }
    }
    return entities;
  }

  private List<EntityValue> parseColumn(JsonParser json, String name) throws IOException {
    List<EntityValue> column = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (column.size() == maxRows) {
        throw new Refusal(
            ErrorCode.REQUEST_TOO_LARGE,
            "entities."
                + Excerpt.of(name)
                + " has more than "
                + maxRows
                + " rows, the limit of this feature server; ask in several requests");
      }
      if (++values > MAX_VALUES) {
        throw new Refusal(
            ErrorCode.REQUEST_TOO_LARGE,
            "entities has more than " + MAX_VALUES + " values; ask in several requests");
      }
      EntityValue value = parseValue(json);
      if (value instanceof EntityValue.Text(String text) && hasHalfOfAPair(text)) {
        throw new Refusal(
            ErrorCode.INVALID_ENTITY_VALUE,
            "entities."
                + Excerpt.of(name)
                + "["
                + column.size()
                + "] holds half of a surrogate pair, which is no text");
      }
      column.add(value);
    }
    return column;
  }

  private static EntityValue parseValue(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> new EntityValue.Text(json.getText());
      case VALUE_TRUE -> new EntityValue.Bool(true);
      case VALUE_FALSE -> new EntityValue.Bool(false);
      case VALUE_NULL -> new EntityValue.Null();
      case VALUE_NUMBER_INT ->
          json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? new EntityValue.Decimal(json.getText())
              : new EntityValue.Whole(json.getLongValue());
      case VALUE_NUMBER_FLOAT -> new EntityValue.Decimal(json.getText());
      default -> {
        json.skipChildren();
        yield new EntityValue.Nested();
      }
    };
  }

  /** As UTF-8 it would become a question mark, and find the row of the key that has one there. */
  private static boolean hasHalfOfAPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private void checkRows() {
    @Nullable String first = null;
    int rows = 0;
    for (Map.Entry<String, List<EntityValue>> column : entities.entrySet()) {
      if (first == null) {
        first = column.getKey();
        rows = column.getValue().size();
      } else if (column.getValue().size() != rows) {
        throw invalid(
            "entities."
                + Excerpt.of(first)
                + " has "
                + rows
                + " rows, entities."
                + Excerpt.of(column.getKey())
                + " has "
                + column.getValue().size()
                + "; all columns need one value for each row");
      }
    }
  }

  private static Refusal invalid(String detail) {
    return new Refusal(ErrorCode.INVALID_REQUEST, detail);
  }
}
