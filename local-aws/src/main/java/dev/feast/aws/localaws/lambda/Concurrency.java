package dev.feast.aws.localaws.lambda;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many invocations run at once. A function with reserved concurrency has that many for itself;
 * all others of an account and region share what is left of the account's limit.
 */
final class Concurrency {
  /** What Lambda keeps for functions that reserve nothing, in an account with a small limit. */
  static final int MIN_UNRESERVED = 10;

  private final Functions functions;
  private final int accountLimit;
  private final Map<FunctionKey, Integer> running = new HashMap<>();

  Concurrency(Functions functions, int accountLimit) {
    this.functions = functions;
    this.accountLimit = accountLimit;
  }

  int accountLimit() {
    return accountLimit;
  }

  /** What functions without a reservation share, were {@code without} to reserve nothing. */
  int unreserved(String account, String region, Optional<FunctionKey> without) {
    int reserved =
        functions.list(account, region).stream()
            .filter(function -> !Optional.of(function.key()).equals(without))
            .mapToInt(function -> function.reservedConcurrency().orElse(0))
            .sum();
    return accountLimit - reserved;
  }

  /** Takes a place for an invocation; {@link #leave} gives it back. */
  synchronized void enter(Function function) {
    FunctionKey key = function.key();
    int own = running.getOrDefault(key, 0);
    Optional<Integer> reserved = function.reservedConcurrency();
    if (reserved.isPresent()) {
      if (own >= reserved.get()) {
        throw LambdaErrors.tooManyRequests("ReservedFunctionConcurrentInvocationLimitExceeded");
      }
    } else if (sharing(key) >= unreserved(key.account(), key.region(), Optional.empty())) {
      throw LambdaErrors.tooManyRequests("ConcurrentInvocationLimitExceeded");
    }
    running.put(key, own + 1);
  }

  private int sharing(FunctionKey key) {
    return functions.list(key.account(), key.region()).stream()
        .filter(function -> function.reservedConcurrency().isEmpty())
        .mapToInt(function -> running.getOrDefault(function.key(), 0))
        .sum();
  }

  synchronized void leave(Function function) {
    running.computeIfPresent(function.key(), (key, count) -> count == 1 ? null : count - 1);
  }
}
