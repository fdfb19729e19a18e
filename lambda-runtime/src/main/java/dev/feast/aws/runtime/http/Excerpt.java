package dev.feast.aws.runtime.http;

/**
 * A client's text in a message to it: cut, since a request has room for a name of 6 MB, and without
 * halves of surrogate pairs, which no answer in UTF-8 can hold.
 */
public final class Excerpt {

  private static final int MAX_LENGTH = 200;

  private Excerpt() {}

  public static String of(String clientText) {
    int end = Math.min(clientText.length(), MAX_LENGTH);
    var excerpt = new StringBuilder(end + 1);
    for (int i = 0; i < end; i++) {
      char c = clientText.charAt(i);
      if (!Character.isSurrogate(c)) {
        excerpt.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(clientText.charAt(i + 1))) {
        excerpt.append(c).append(clientText.charAt(++i));
      } else {
        excerpt.append('\uFFFD');
      }
    }
    return end < clientText.length() ? excerpt.append('…').toString() : excerpt.toString();
  }
}
