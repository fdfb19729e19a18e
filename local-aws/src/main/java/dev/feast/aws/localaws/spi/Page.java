package dev.feast.aws.localaws.spi;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a listing.
 *
 * @param next the token that continues after it; empty on the last page
 */
public record Page<T>(List<T> items, Optional<String> next) {
  private static final String MARK = "after:";

  public Page {
    items = List.copyOf(items);
  }

  /**
   * Cuts a page out of a listing that is sorted by its key.
   *
   * <p>The token names the last item handed out and not its position, so that items that come and
   * go between two calls neither hide nor repeat others.
   *
   * @param token of the page before; empty for the first page
   * @throws IllegalArgumentException when the token was not made here
   */
  public static <T> Page<T> of(
      List<T> sorted, Function<T, String> key, Optional<String> token, int size) {
    List<T> rest =
        token
            .map(Page::last)
            .map(last -> sorted.stream().filter(i -> key.apply(i).compareTo(last) > 0).toList())
            .orElse(sorted);
    if (rest.size() <= size) {
      return new Page<>(rest, Optional.empty());
    }
    List<T> items = rest.subList(0, size);
    return new Page<>(items, Optional.of(token(key.apply(items.getLast()))));
  }

  private static String token(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((MARK + last).getBytes(StandardCharsets.UTF_8));
  }

  private static String last(String token) {
    String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    if (!text.startsWith(MARK)) {
      throw new IllegalArgumentException("not a token of this listing");
    }
    return text.substring(MARK.length());
  }
}
