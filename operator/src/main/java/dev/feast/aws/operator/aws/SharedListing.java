package dev.feast.aws.operator.aws;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One listing for all who ask at about the same time. Whoever asks while one runs shares the next
 * one, not the running: it may have passed the page where what they just created belongs.
 */
final class SharedListing<T> {
  private final Supplier<T> list;
  private @Nullable CompletableFuture<T> running;
  private @Nullable CompletableFuture<T> next;

  SharedListing(Supplier<T> list) {
    this.list = list;
  }

  /** The listing's answer; whoever comes first runs it on its own thread. */
  T get() {
    CompletableFuture<T> mine;
    CompletableFuture<T> before;
    boolean leads;
    synchronized (this) {
      before = running;
      leads = next == null;
      mine = leads ? new CompletableFuture<>() : Objects.requireNonNull(next);
      next = mine;
    }
    if (leads) {
      if (before != null) {
        before.handle((answer, error) -> true).join();
      }
      run(mine);
    }
    try {
      return mine.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException error -> throw error;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }

  private void run(CompletableFuture<T> listing) {
    synchronized (this) {
      running = listing;
      next = null;
    }
    try {
      listing.complete(list.get());
    } catch (RuntimeException | Error e) {
      // An Error as well: whoever else waits for this listing would wait for ever.
      listing.completeExceptionally(e);
    } finally {
      synchronized (this) {
        if (running == listing) {
          running = null;
        }
      }
    }
  }
}
