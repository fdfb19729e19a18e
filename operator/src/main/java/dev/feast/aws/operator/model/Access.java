package dev.feast.aws.operator.model;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Who may ask the endpoint. */
public sealed interface Access {

  /** Everybody who knows the URL. */
  record Open() implements Access {}

  /**
   * Who sends one of the keys. The function checks them.
   *
   * @param keys at least one; the first is the probe's
   */
  record ByApiKey(List<ApiKey> keys) implements Access {
    public ByApiKey {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("without a key nobody could ask");
      }
    }
  }

  /**
   * Who signs requests with AWS credentials that allow {@code execute-api:Invoke}. API Gateway
   * checks it.
   */
  record ByIam() implements Access {}

  /**
   * Who sends a token of an issuer. API Gateway checks it.
   *
   * @param issuer what {@code iss} has to hold
   * @param audience of which {@code aud} has to hold one
   * @param scopes of which the token has to have one; empty where it needs none
   * @param identitySource where a request has the token, as API Gateway spells it
   */
  record ByJwt(String issuer, Set<String> audience, Set<String> scopes, String identitySource)
      implements Access {
    public ByJwt {
      // In an order that never changes: their text form is hashed.
      audience = Collections.unmodifiableSortedSet(new TreeSet<>(audience));
      scopes = Collections.unmodifiableSortedSet(new TreeSet<>(scopes));
    }
  }

  /** Whether API Gateway refuses who may not ask, so that the function needs not to. */
  default boolean isCheckedByTheApi() {
    return switch (this) {
      case Open _, ByApiKey _ -> false;
      case ByIam _, ByJwt _ -> true;
    };
  }
}
