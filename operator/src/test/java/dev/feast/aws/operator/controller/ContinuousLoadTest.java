package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.localaws.lambda.Invocation;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers notice nothing of rollouts, be they good or bad, but the new answers. */
@EnableKubernetesMockClient(crud = true)
class ContinuousLoadTest {
  @SuppressWarnings("NullAway.Init") // Set by the extension.
  static KubernetesClient client;

  private static final int ROLLOUTS = 20;
  private static final int CALLERS = 3;
  private static final Pattern REGISTRY = Pattern.compile("registries/([a-z]+)-([0-9]+)");
  private static final Pattern RIGHT =
      Pattern.compile("[{]\"field_values\":.*\"release\":([0-9]+).*\"PRESENT\".*");
  private static final String[] BAD = {"sick", "wrong", "crashing"};

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void losesNoLookupAndSeesNoWrongAnswerThroughTwentyRollouts(@TempDir Path folder)
      throws Exception {
    try (var world = new TestWorld(folder, client).start()) {
      world.answering(ContinuousLoadTest::answer);
      world.apply(
          "load",
          """
            rollout:
              probe:
                request: {features: ['stats:release'], entities: {driver_id: [1001]}}
                expect: {field_values: [{statuses: {release: PRESENT}}]}
          """);
      world.edit("load", TestWorld.storedAt("s3://feast/registries/good-0"));
      String endpoint = Objects.requireNonNull(world.awaitReady("load").getStatus().endpoint());
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(Thread.ofVirtual().start(() -> call(endpoint)));
      }

      for (int release = 1; release <= ROLLOUTS; release++) {
        rollOut(world, release);
        int before = answered.get();
        await().until(() -> answered.get() > before + CALLERS); // Callers have met it.
      }

      over.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(wrong).isEmpty();
      assertThat(live).hasValue(ROLLOUTS - 1);
    }
  }

  /** Odd ones are good; what is bad about the others takes turns. */
  private void rollOut(TestWorld world, int release) {
    String kind = release % 2 == 1 ? "good" : BAD[release / 2 % BAD.length];
    world.edit("load", TestWorld.storedAt("s3://feast/registries/%s-%d".formatted(kind, release)));
    if (kind.equals("good")) {
      world.awaitReady("load");
      live.set(release);
    } else {
      world.awaitCondition(
          "load", ConditionType.FUNCTION_READY, ConditionStatus.False, "ProbeFailed");
    }
  }

  private void call(String endpoint) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(endpoint + "/get-online-features"))
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      while (!over.get()) {
        int least = live.get();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        Matcher right = RIGHT.matcher(response.body());
        if (response.statusCode() != 200
            || !right.matches()
            || Integer.parseInt(right.group(1)) < least) {
          wrong.add("%d %s after %d".formatted(response.statusCode(), response.body(), least));
        }
        answered.incrementAndGet();
      }
    } catch (IOException e) {
      wrong.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String answer(Invocation invocation) {
    Matcher deployed = REGISTRY.matcher(TestWorld.store(invocation));
    String kind = deployed.find() ? deployed.group(1) : "good";
    if (kind.equals("crashing")) {
      throw new IllegalStateException("on purpose");
    }
    if (!invocation.event().contains("POST /get-online-features")) {
      return kind.equals("sick") ? TestWorld.unavailable() : TestWorld.healthy();
    }
    return TestWorld.response(
        200,
        "{\"field_values\":[{\"fields\":{\"release\":%s},\"statuses\":{\"release\":\"%s\"}}]}"
            .formatted(
                deployed.hasMatch() ? deployed.group(2) : "0",
                kind.equals("good") ? "PRESENT" : "NOT_FOUND"));
  }
}
