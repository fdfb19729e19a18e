package dev.feast.aws.runtime.config;

import java.util.Map;

/** Fills environment variables in as Python's {@code os.path.expandvars} does. */
final class EnvironmentVariables {

  private EnvironmentVariables() {}

  /** {@code $NAME} and <code>${NAME}</code>; what is not set stays as it is. */
  static String expand(String text, Map<String, String> environment) {
    var out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int dollar = text.indexOf('$', at);
      if (dollar < 0) {
        break;
      }
      out.append(text, at, dollar);
      int end = endOfReference(text, dollar + 1);
      String reference = text.substring(dollar, end);
      String name =
          reference.startsWith("${")
              ? reference.substring(2, reference.length() - 1)
              : reference.substring(1);
      out.append(environment.getOrDefault(name, reference));
      at = end;
    }
    return out.append(text, at, text.length()).toString();
  }

  /** The index after the reference that starts behind a dollar; that same index if none does. */
  private static int endOfReference(String text, int start) {
    if (start < text.length() && text.charAt(start) == '{') {
      int brace = text.indexOf('}', start);
      return brace < 0 ? start : brace + 1;
    }
    int end = start;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNamePart(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
