package dev.feast.aws.runtime.store;

import org.jspecify.annotations.Nullable;

/** Not every row could be read, so that none is given. */
public final class StoreException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Whether the same request may succeed soon. */
  public enum Kind {
    /** The store was busy until the time ran out. */
    THROTTLED,
    /** The store did not answer until the time ran out. */
    UNREACHABLE,
    /** The store refused, and will again until somebody changes something. */
    REFUSED,
    /** The rows have more bytes than are kept at once. */
    TOO_LARGE
  }

  private final Kind kind;

  public StoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
