package dev.feast.aws.operator.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.Authorization;
import dev.feast.aws.localaws.lambda.Invocation;
import dev.feast.aws.operator.model.ApiKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whom the endpoint lets through while {@code spec.endpoint.authorization} changes, where API
 * Gateway takes a moment to deploy a changed route: those who have nothing to show never are.
 */
class GuardChangeTest {
  private static final String KEY = "k".repeat(32);

  /** Less than the operator waits for what it changed to be known everywhere. */
  private static final Duration DEPLOY = Duration.ofMillis(70);

  @RegisterExtension
  static final TestWorld world = TestWorld.started(aws -> aws.deployTime(DEPLOY));

  /** As the runtime does: a version whose environment holds keys answers nobody without one. */
  private static String answer(Invocation invocation) {
    boolean asksForKeys = invocation.environment().containsKey(ApiKey.DIGESTS);
    return asksForKeys && !invocation.event().contains(KEY)
        ? TestWorld.response(401, "{}")
        : TestWorld.healthy();
  }

  @Test
  void letsNobodyThroughWhoHasNothingToShow() throws Exception {
    world.secret("endpoint-keys", Map.of("key", KEY));
    world.answering(GuardChangeTest::answer);
    Map<String, String> guards =
        Map.of(
            "APIKey", "endpoint: {authorization: APIKey, apiKeys: {secretName: endpoint-keys}}",
            "IAM", "endpoint: {authorization: IAM}");
    world.apply("guarded", "  " + guards.get("APIKey") + "\n");
    String url = requireNonNull(world.awaitReady("guarded").getStatus().endpoint());

    var answers = new ConcurrentHashMap<Integer, Integer>();
    var over = new AtomicBoolean();
    try (var callers = new Callers(world.aws);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> caller =
          threads.submit(
              () -> {
                while (!over.get()) {
                  answers.merge(callers.asNobody(url).statusCode(), 1, Integer::sum);
                }
                return null;
              });
      // Whatever asks for a pass: it must not come before what was changed is known everywhere.
      Future<?> impatient =
          threads.submit(
              () -> {
                while (!over.get()) {
                  world.pass("guarded");
                }
                return null;
              });
      for (String next : List.of("IAM", "APIKey", "IAM", "APIKey")) {
        world.edit("guarded", TestWorld.endpointly(requireNonNull(guards.get(next))));
        assertThat(world.awaitReady("guarded").getStatus().authorization())
            .isEqualTo(Authorization.valueOf(next));
        int refused = next.equals("IAM") ? 403 : 401;
        int before = answers.getOrDefault(refused, 0);
        await().until(() -> answers.getOrDefault(refused, 0) > before);
      }
      over.set(true);
      caller.get();
      impatient.get();
    }
    assertThat(answers.keySet()).containsExactlyInAnyOrder(401, 403);
  }
}
