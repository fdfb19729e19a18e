package dev.feast.aws.operator.policy;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Texts that are allowed. In each, {@code *} stands for any characters, none included; the rest is
 * compared as it is.
 */
public record Patterns(List<String> texts) {
  public static final Patterns ALL = new Patterns(List.of("*"));
  public static final Patterns NONE = new Patterns(List.of());

  public Patterns {
    texts = List.copyOf(texts);
  }

  /** Whether one of them fits the whole text. */
  public boolean allow(String text) {
    return texts.stream().anyMatch(pattern -> fits(pattern, text));
  }

  static boolean fits(String pattern, String text) {
    String expression =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(expression, Pattern.DOTALL).matcher(text).matches();
  }

  /** For messages. */
  @Override
  public String toString() {
    return texts.isEmpty() ? "empty" : String.join(", ", texts);
  }
}
