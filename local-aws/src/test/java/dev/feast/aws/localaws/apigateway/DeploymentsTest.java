package dev.feast.aws.localaws.apigateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.localaws.http.Response;
import dev.feast.aws.localaws.rest.RestCall;
import dev.feast.aws.localaws.rest.RestOperation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was changed of an API reaches callers later, each change in its order. */
class DeploymentsTest {
  private static final Duration TIME = Duration.ofSeconds(2);

  private Instant now = Instant.parse("2026-11-01T00:00:00Z");
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };
  private final Apis apis = new Apis();
  private final Api api = new Api("a1", "000000000000", "us-west-2", "first", now);

  private String met(Deployments deployments) {
    return deployments.deployed(api).name();
  }

  private void rename(Deployments deployments, String name) throws IOException {
    RestOperation update =
        RestOperation.mutates(
            "UpdateApi",
            "PATCH",
            "/v2/apis/{api}",
            call -> {
              api.name(name);
              return Response.of(204);
            });
    deployments.deploying(update).action().answer(call());
  }

  @SuppressWarnings("NullAway") // The operation looks at the path alone.
  private static RestCall call() {
    return new RestCall(null, null, Map.of("api", "a1"));
  }

  @Test
  void reachesCallersWhenTheTimeHasPassed() throws IOException {
    apis.add(api);
    var deployments = new Deployments(apis, TIME, clock);
    rename(deployments, "second");
    now = now.plusSeconds(1);
    rename(deployments, "third");
    assertThat(met(deployments)).isEqualTo("first");

    now = now.plusSeconds(1);
    assertThat(met(deployments)).isEqualTo("second");
    now = now.plusSeconds(1);
    assertThat(met(deployments)).isEqualTo("third");
    now = now.plusSeconds(60);
    assertThat(met(deployments)).isEqualTo("third");
  }

  @Test
  void reachesThemAtOnceWhereItTakesNoTime() throws IOException {
    apis.add(api);
    var deployments = new Deployments(apis, Duration.ZERO, clock);
    rename(deployments, "second");
    assertThat(met(deployments)).isEqualTo("second");
  }
}
