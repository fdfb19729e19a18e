package dev.feast.aws.operator.validation;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code $NAME} and {@code ${NAME}} in a feature_store.yaml. Feast expands them in the text before
 * it reads the YAML, with Python's {@code os.path.expandvars}: what is not defined stays as it is.
 */
record Variables(Map<String, String> values) {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:\\{(?<braced>[^}]*)}|(?<bare>[A-Za-z0-9_]+))");

  String expand(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> {
              String value = values.get(name((Matcher) match));
              return Matcher.quoteReplacement(value == null ? match.group() : value);
            });
  }

  /** The first reference in the text, as it is written there. */
  static Optional<String> firstIn(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }

  private static String name(Matcher reference) {
    String braced = reference.group("braced");
    return braced == null ? reference.group("bare") : braced;
  }
}
