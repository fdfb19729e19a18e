package dev.feast.aws.localaws.iam;

import java.util.regex.Pattern;

/** Text with IAM's wildcards: {@code *} is anything, {@code ?} any one character. */
record Glob(String text, Pattern pattern) {
  static Glob of(String text) {
    return of(text, 0);
  }

  static Glob ignoringCase(String text) {
    return of(text, Pattern.CASE_INSENSITIVE);
  }

  private static Glob of(String text, int flags) {
    var regex = new StringBuilder();
    text.chars()
        .forEach(
            c ->
                regex.append(
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    }));
    return new Glob(text, Pattern.compile(regex.toString(), flags | Pattern.DOTALL));
  }

  boolean matches(String value) {
    return pattern.matcher(value).matches();
  }
}
