package dev.feast.aws.localaws.lambda;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All functions of all accounts and regions. */
final class Functions {
  private final Map<FunctionKey, Function> functions = new ConcurrentHashMap<>();

  /** False when there is a function of that name already. */
  boolean add(Function function) {
    return functions.putIfAbsent(function.key(), function) == null;
  }

  Optional<Function> find(FunctionKey key) {
    return Optional.ofNullable(functions.get(key));
  }

  /** The functions of one account and region by name. */
  List<Function> list(String account, String region) {
    return functions.values().stream()
        .filter(f -> f.key().account().equals(account) && f.key().region().equals(region))
        .sorted(Comparator.comparing(f -> f.key().name()))
        .toList();
  }

  List<Function> all() {
    return List.copyOf(functions.values());
  }

  void remove(Function function) {
    functions.remove(function.key(), function);
  }

  /** The function that a request names, which has to exist; nothing is said of its qualifier. */
  Function get(FunctionReference reference) {
    return find(reference.key()).orElseThrow(() -> LambdaErrors.functionNotFound(reference.arn()));
  }
}
