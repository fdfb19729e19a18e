package dev.feast.aws.operator.validation;

import dev.feast.aws.operator.model.Tags;
import dev.feast.aws.operator.validation.Problem.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What {@code spec.aws.tags} holds. The CRD refuses the plain cases at {@code kubectl apply}; here
 * is all of it, so that nothing is dropped in silence and nothing fails halfway through AWS.
 */
final class TagChecks {
  /** AWS' own prefix, in whatever case. */
  private static final String AWS = "aws:";

  private static final int MAX_KEY = 128;
  private static final int MAX_VALUE = 256;

  /** What Lambda, ECR and API Gateway all take. */
  private static final Pattern CHARACTERS = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  private final List<Problem> problems;

  TagChecks(List<Problem> problems) {
    this.problems = problems;
  }

  void tags(Map<String, String> tags) {
    new TreeMap<>(tags).forEach(this::tag);
  }

  private void tag(String key, String value) {
    String where = "spec.aws.tags." + key;
    if (key.toLowerCase(Locale.ROOT).startsWith(AWS)) {
      problems.add(
          new Problem(
              Reason.ReservedTag,
              where,
              "starts with aws:, which AWS keeps for itself; choose another key"));
    } else if (Tags.isReserved(key)) {
      problems.add(
          new Problem(
              Reason.ReservedTag, where, "is set by the operator itself; choose another key"));
    } else if (key.isEmpty() || key.length() > MAX_KEY || !isClean(key)) {
      problems.add(
          new Problem(
              Reason.InvalidTag,
              where,
              "is no key that AWS takes: 1 to 128 letters, digits, spaces and _.:/=+-@"));
    } else if (value.length() > MAX_VALUE || !isClean(value)) {
      problems.add(
          new Problem(
              Reason.InvalidTag,
              where,
              "holds \""
                  + value
                  + "\", which AWS does not take: up to 256 letters, digits, spaces and _.:/=+-@"));
    }
  }

  private static boolean isClean(String text) {
    return CHARACTERS.matcher(text).matches();
  }
}
