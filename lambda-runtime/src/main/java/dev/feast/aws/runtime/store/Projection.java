package dev.feast.aws.runtime.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which attributes DynamoDB sends back: key, time and the wanted features. Names go by
 * placeholders, because {@code values} is a reserved word and a feature may be called anything.
 */
record Projection(String expression, Map<String, String> names) {

  /** DynamoDB's limits for an expression (4 KB) and for an attribute's name in it. */
  private static final int MAX_EXPRESSION_LENGTH = 4096;

  private static final int MAX_NAME_LENGTH = 255;

  private static final String ROW = "#k,#t";

  static Projection of(Set<String> features) {
    Map<String, String> names = new HashMap<>();
    names.put("#k", Row.ENTITY_ID);
    names.put("#t", Row.EVENT_TS);
    names.put("#v", Row.VALUES);
    var expression = new StringBuilder(ROW);
    for (String feature : features) {
      String placeholder = "#f" + (names.size() - 3);
      names.put(placeholder, feature);
      expression.append(",#v.").append(placeholder);
      if (expression.length() > MAX_EXPRESSION_LENGTH || feature.length() > MAX_NAME_LENGTH) {
        return all();
      }
    }
    return new Projection(expression.toString(), names);
  }

  private static Projection all() {
    return new Projection(
        ROW + ",#v", Map.of("#k", Row.ENTITY_ID, "#t", Row.EVENT_TS, "#v", Row.VALUES));
  }
}
