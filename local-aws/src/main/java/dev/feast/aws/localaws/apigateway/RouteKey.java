package dev.feast.aws.localaws.apigateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a route answers to: {@code $default}, or a method and a path whose segments may be variables
 * ({@code {id}}), the last one a greedy one ({@code {proxy+}}).
 */
record RouteKey(String text) {
  static final String DEFAULT = "$default";

  private static final Pattern FORM =
      Pattern.compile(
          "\\$default|(ANY|GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)"
              + " (/|(/[^/{}]+|/\\{[\\w.-]+\\})*(/\\{[\\w.-]+\\+\\})?/?)");
  private static final int STATIC = 0;
  private static final int VARIABLE = 1;
  private static final int GREEDY = 2;
  private static final int CATCH_ALL = 3;

  static boolean isValid(String text) {
    return FORM.matcher(text).matches();
  }

  boolean isDefault() {
    return text.equals(DEFAULT);
  }

  String method() {
    return isDefault() ? "ANY" : text.substring(0, text.indexOf(' '));
  }

  /** The path's template; for {@code $default} that word itself, as permissions have it. */
  String path() {
    return isDefault() ? DEFAULT : text.substring(text.indexOf(' ') + 1);
  }

  /** What the path's variables hold, where this answers to the request; empty where it does not. */
  Optional<Map<String, String>> match(String method, String path) {
    if (isDefault()) {
      return Optional.of(Map.of());
    }
    if (!method().equals("ANY") && !method().equals(method)) {
      return Optional.empty();
    }
    List<String> expected = segments(path());
    List<String> actual = segments(path);
    var variables = new LinkedHashMap<String, String>();
    for (int i = 0; i < expected.size(); i++) {
      String segment = expected.get(i);
      if (segment.endsWith("+}") && actual.size() > i) {
        String rest = String.join("/", actual.subList(i, actual.size()));
        if (rest.isEmpty()) {
          return Optional.empty();
        }
        variables.put(segment.substring(1, segment.length() - 2), decode(rest));
        return Optional.of(variables);
      }
      if (i >= actual.size()) {
        return Optional.empty();
      }
      if (segment.startsWith("{")) {
        variables.put(segment.substring(1, segment.length() - 1), decode(actual.get(i)));
      } else if (!segment.equals(decode(actual.get(i)))) {
        return Optional.empty();
      }
    }
    return expected.size() == actual.size() ? Optional.of(variables) : Optional.empty();
  }

  /**
   * The most specific first: literal before variable before greedy before {@code $default}, a
   * method before ANY.
   */
  static Comparator<RouteKey> bySpecificity() {
    return Comparator.comparing(RouteKey::ranks, RouteKey::compare)
        .thenComparing(key -> key.method().equals("ANY"));
  }

  private List<Integer> ranks() {
    if (isDefault()) {
      return List.of(CATCH_ALL);
    }
    return segments(path()).stream()
        .map(s -> s.endsWith("+}") ? GREEDY : s.startsWith("{") ? VARIABLE : STATIC)
        .toList();
  }

  private static int compare(List<Integer> one, List<Integer> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      int difference = one.get(i) - other.get(i);
      if (difference != 0) {
        return difference;
      }
    }
    return other.size() - one.size();
  }

  private static List<String> segments(String path) {
    var segments = new ArrayList<String>();
    for (String segment : path.split("/", -1)) {
      segments.add(segment);
    }
    return segments.subList(1, segments.size());
  }

  private static String decode(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
