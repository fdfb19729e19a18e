package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.spi.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Collects what a request's members violate, and says it all at once as Lambda's front end does.
 */
final class Constraints {
  private final List<String> violations = new ArrayList<>();

  Constraints pattern(String member, String value, String pattern) {
    if (!Pattern.matches(pattern, value)) {
      add(
          "Value '" + value + "' at '" + member + "'",
          "satisfy regular expression pattern: " + pattern);
    }
    return this;
  }

  Constraints range(String member, int value, int min, int max) {
    if (value < min) {
      add(
          "Value '" + value + "' at '" + member + "'",
          "have value greater than or equal to " + min);
    }
    if (value > max) {
      add("Value '" + value + "' at '" + member + "'", "have value less than or equal to " + max);
    }
    return this;
  }

  Constraints length(String member, String value, int max) {
    if (value.length() > max) {
      add("Value '" + value + "' at '" + member + "'", "have length less than or equal to " + max);
    }
    return this;
  }

  Constraints oneOf(String member, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      add("Value '" + value + "' at '" + member + "'", "satisfy enum value set: " + allowed);
    }
    return this;
  }

  Constraints present(String member, boolean present) {
    if (!present) {
      add("Value null at '" + member + "'", "not be null");
    }
    return this;
  }

  /**
   * What keys or values of a map violate; {@code which} is {@code Map keys} or {@code Map value}.
   */
  Constraints map(String member, Object value, String which, String... demands) {
    violations.add(
        "Value '%s' at '%s' failed to satisfy constraint: %s must satisfy constraint: [%s]"
            .formatted(value, member, which, String.join(", ", demands)));
    return this;
  }

  /** Adds {@code <subject> failed to satisfy constraint: Member must <demand>}. */
  Constraints add(String subject, String demand) {
    violations.add(subject + " failed to satisfy constraint: Member must " + demand);
    return this;
  }

  void check() {
    if (!violations.isEmpty()) {
      throw AwsError.of(
          400,
          "ValidationException",
          "%d validation error%s detected: %s"
              .formatted(
                  violations.size(),
                  violations.size() == 1 ? "" : "s",
                  String.join("; ", violations)));
    }
  }
}
