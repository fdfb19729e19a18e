package dev.feast.aws.runtime.lookup;

import org.jspecify.annotations.Nullable;

/**
 * The part of a reference before its colon: {@code view}, {@code view@latest} or {@code view@v2}.
 *
 * @param version null for the newest
 */
record ViewReference(String view, @Nullable Integer version) {

  /** Longer ones do not fit the registry's 32 bits. */
  private static final int MAX_DIGITS = 9;

  /** As Feast parses it: what is no version behind the at sign belongs to the name. */
  static ViewReference parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return new ViewReference(text, null);
    }
    String tag = text.substring(at + 1);
    if (tag.isEmpty() || tag.equalsIgnoreCase("latest")) {
      return new ViewReference(text.substring(0, at), null);
    }
    return isVersion(tag)
        ? new ViewReference(text.substring(0, at), Integer.valueOf(tag.substring(1)))
        : new ViewReference(text, null);
  }

  private static boolean isVersion(String tag) {
    return (tag.charAt(0) == 'v' || tag.charAt(0) == 'V')
        && tag.length() > 1
        && tag.length() <= 1 + MAX_DIGITS
        && tag.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
  }

  /** What the view is called in an answer with full feature names. */
  String key() {
    return version == null ? view : view + "@v" + version;
  }
}
