package dev.feast.aws.operator.model;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Which web pages may read an endpoint's answers. In one form always, so that two can be compared:
 * sorted, methods in upper case, headers in lower case, as browsers compare them.
 *
 * @param allowHeaders that pages may send
 * @param exposeHeaders that pages may read
 * @param maxAgeSeconds for which browsers may keep the answer to a preflight request
 */
public record Cors(
    SortedSet<String> allowOrigins,
    SortedSet<String> allowMethods,
    SortedSet<String> allowHeaders,
    SortedSet<String> exposeHeaders,
    int maxAgeSeconds,
    boolean allowCredentials) {

  public static Cors of(
      Collection<String> allowOrigins,
      Collection<String> allowMethods,
      Collection<String> allowHeaders,
      Collection<String> exposeHeaders,
      int maxAgeSeconds,
      boolean allowCredentials) {
    return new Cors(
        sorted(allowOrigins, UnaryOperator.identity()),
        sorted(allowMethods, text -> text.toUpperCase(Locale.ROOT)),
        sorted(allowHeaders, text -> text.toLowerCase(Locale.ROOT)),
        sorted(exposeHeaders, text -> text.toLowerCase(Locale.ROOT)),
        maxAgeSeconds,
        allowCredentials);
  }

  private static SortedSet<String> sorted(Collection<String> texts, UnaryOperator<String> form) {
    var sorted = new TreeSet<String>();
    texts.forEach(text -> sorted.add(form.apply(text)));
    return Collections.unmodifiableSortedSet(sorted);
  }
}
