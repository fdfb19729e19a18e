package dev.feast.aws.operator.plan;

import dev.feast.aws.operator.model.Access;
import dev.feast.aws.operator.model.ApiKey;
import dev.feast.aws.operator.model.Cors;
import dev.feast.aws.operator.model.DesiredEndpoint.AccessLogWish;
import dev.feast.aws.operator.model.Throttle;
import java.util.List;
import java.util.Set;

/** What endpoints may be like. */
final class Endpoints {
  static final List<Access> ACCESS =
      List.of(
          new Access.Open(),
          new Access.ByApiKey(List.of(new ApiKey("k".repeat(32)))),
          new Access.ByIam(),
          jwt("https://one.example", Set.of()),
          jwt("https://two.example", Set.of("features")));

  static final List<Cors> CORS = List.of(cors("https://a.example", 0), cors("*", 60));

  static final List<Throttle> THROTTLES = List.of(new Throttle(10, 20), new Throttle(1, 1));

  static final List<AccessLogWish> LOGS =
      List.of(
          new AccessLogWish("/one", "$context.requestId"),
          new AccessLogWish("/two", "$context.requestId"));

  private Endpoints() {}

  private static Access.ByJwt jwt(String issuer, Set<String> scopes) {
    return new Access.ByJwt(issuer, Set.of("feast"), scopes, "$request.header.Authorization");
  }

  private static Cors cors(String origin, int age) {
    return Cors.of(List.of(origin), List.of("GET"), List.of(), List.of(), age, false);
  }
}
