package dev.feast.aws.localaws.apigateway;

import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All APIs of all accounts and regions; their ids are unique among all. */
final class Apis {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final Map<String, Api> apis = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  void add(Api api) {
    apis.put(api.id(), api);
  }

  Optional<Api> find(String id) {
    return Optional.ofNullable(apis.get(id));
  }

  List<Api> list(String account, String region) {
    return apis.values().stream()
        .filter(api -> api.account().equals(account) && api.region().equals(region))
        .sorted(Comparator.comparing(Api::id))
        .toList();
  }

  void remove(Api api) {
    apis.remove(api.id());
  }

  /** Ten letters and digits for an API, seven for what belongs to one, as AWS has them. */
  String newId(int length) {
    var id = new StringBuilder();
    for (int i = 0; i < length; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
