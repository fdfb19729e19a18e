package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feast.aws.api.v1alpha1.EndpointSpec;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.localaws.control.Call;
import dev.feast.aws.localaws.control.Fault;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * For a moment after a change AWS answers as if it had not been made. Whichever read does so, a
 * creation, edits and a deletion come to the same end as with none that does.
 */
class StaleReadsTest {
  private static final String NAME = "dev";
  private static final String IMAGES = "images";

  /** Where what reads answer depends on what the operator did. */
  private static final List<String> SERVICES = List.of("apigateway", "ecr", "lambda", "logs");

  private static final List<String> NO_STATE = List.of("GetAuthorizationToken", "Invoke");

  /** How often a read is answered with what it was answered first. */
  private static final int TIMES = 3;

  private static final int WORLDS = 6;

  /** What happens to the FeatureServer, one after the other. */
  private enum Phase {
    CREATED(
        "lambda:CreateFunction",
        "lambda:CreateAlias",
        "apigateway:CreateApi",
        "apigateway:CreateAuthorizer",
        "apigateway:CreateStage"),
    EDITED(
        "lambda:UpdateFunctionConfiguration",
        "lambda:UpdateAlias",
        "lambda:TagResource",
        "apigateway:UpdateAuthorizer"),
    WITHOUT_OPTIONS(
        "ecr:UntagResource",
        "lambda:DeleteFunctionConcurrency",
        "apigateway:UpdateRoute",
        "apigateway:DeleteAuthorizer"),
    DELETED("lambda:DeleteFunction", "apigateway:DeleteApi");

    /** Calls that have their effect and no answer, so that another pass looks at what they did. */
    private final List<String> unanswered;

    Phase(String... unanswered) {
      this.unanswered = List.of(unanswered);
    }
  }

  @Test
  void comesToTheSameEndWhicheverReadIsStale() throws Exception {
    List<List<String>> ends;
    List<String> reads;
    try (var world = new World()) {
      ends = world.walk(null, null);
      reads = world.reads.stream().distinct().sorted().toList();
    }
    assertThat(reads)
        .contains(
            "apigateway:GetApi",
            "apigateway:GetApis",
            "apigateway:GetAuthorizers",
            "apigateway:GetIntegrations",
            "apigateway:GetRoutes",
            "apigateway:GetStage",
            "ecr:DescribeImages",
            "ecr:DescribeRepositories",
            "ecr:GetRepositoryPolicy",
            "ecr:ListTagsForResource",
            "lambda:GetAlias",
            "lambda:GetFunction",
            "lambda:GetPolicy",
            "lambda:ListProvisionedConcurrencyConfigs",
            "lambda:ListVersionsByFunction",
            "logs:DescribeLogGroups",
            "logs:ListTagsForResource");
    assertThat(ends).hasSize(Phase.values().length).doesNotHaveDuplicates();
    assertThat(ends.getLast()).isEmpty();

    var left = new ConcurrentLinkedQueue<>(reads);
    Map<String, String> failures = Collections.synchronizedMap(new TreeMap<>());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> lanes =
          Stream.<Future<?>>generate(() -> threads.submit(() -> walkAll(left, ends, failures)))
              .limit(WORLDS)
              .toList();
      for (Future<?> lane : lanes) {
        lane.get();
      }
    }

    assertThat(failures).isEmpty();
  }

  private static Object walkAll(
      ConcurrentLinkedQueue<String> reads, List<List<String>> ends, Map<String, String> failures)
      throws Exception {
    try (var world = new World()) {
      for (String read = reads.poll(); read != null; read = reads.poll()) {
        try {
          world.walk(read, ends);
        } catch (AssertionError | ConditionTimeoutException e) {
          failures.put(read, String.valueOf(e.getMessage()));
          break; // What is left would be taken for the next one's.
        }
      }
    }
    return failures;
  }

  private static final class World implements AutoCloseable {
    private final TestWorld world = TestWorld.started(aws -> aws.lambdaLimits(FaultWalk.QUICK));
    private final Inventory inventory = new Inventory(world.aws.endpoint(), TestWorld.REGION);
    private final List<String> reads = new ArrayList<>();

    /**
     * Each phase has to come to its end, by the next resync at the latest: what was shown late is
     * only found then to be there twice.
     *
     * @param stale the read that is stale after each change; null for none
     * @param ends what there is to be after each phase; null where nobody knows yet
     * @return what there is after each phase
     */
    List<List<String>> walk(@Nullable String stale, @Nullable List<List<String>> ends)
        throws IOException, InterruptedException {
      world.push(IMAGES, "1", "first");
      world.push(IMAGES, "2", "second");
      try (var byHand = new AwsByHand(world.aws)) {
        byHand.logs.createLogGroup(r -> r.logGroupName(EndpointTest.LOG_GROUP));
      }
      var found = new ArrayList<List<String>>();
      for (Phase phase : Phase.values()) {
        world.aws.calls().clear();
        if (stale != null) {
          String[] call = stale.split(":", 2);
          world.aws.faults().add(Fault.stale(call[0], call[1]).times(TIMES));
        }
        if (phase != Phase.CREATED) {
          world.awaitPass(NAME); // It reads what stale answers go on telling.
        }
        phase.unanswered.forEach(
            operation -> {
              String[] call = operation.split(":", 2);
              world.aws.faults().add(Fault.cut(call[0], call[1]).after().times(1));
            });
        bringAbout(phase);
        world.aws.calls().list().stream()
            .filter(World::mayBeStale)
            .map(TestWorld::text)
            .forEach(reads::add);
        assertThat(world.aws.faults().list().values())
            .as("%s: calls that were not made", phase)
            .allMatch(fault -> fault.action() instanceof Fault.Action.Stale);
        world.aws.faults().clear();
        if (ends != null) {
          if (phase != Phase.DELETED) {
            world.pass(NAME);
          }
          await(phase + " to come to its end")
              .untilAsserted(
                  () ->
                      assertThat(inventory.taken(List.of(IMAGES)))
                          .isEqualTo(ends.get(phase.ordinal())));
        }
        found.add(inventory.taken(List.of(IMAGES)));
      }
      inventory.removeLogsOfLambda(); // With the one that this began with.
      return found;
    }

    private void bringAbout(Phase phase) {
      switch (phase) {
        case CREATED ->
            world.apply(
                NAME,
                FunctionOptionsTest.ALL
                    + EndpointTest.all(world.aws)
                    + "  aws: {tags: {team: a, cost: b}}\n"
                    + "  image: {source: '%s'}\n".formatted(image("1")));
        case EDITED -> world.edit(NAME, this::edited);
        case WITHOUT_OPTIONS -> world.edit(NAME, World::withoutOptions);
        case DELETED -> world.delete(NAME);
      }
      if (phase == Phase.DELETED) {
        world.awaitGone(NAME);
      } else {
        world.awaitReady(NAME);
      }
    }

    private static boolean mayBeStale(Call call) {
      return !call.mutating()
          && SERVICES.contains(call.service())
          && !NO_STATE.contains(call.operation());
    }

    private FeatureServer edited(FeatureServer resource) {
      return edited(
          resource,
          TestWorld.functionally(
              """
              function:
                ephemeralStorageMiB: 2048
                reservedConcurrency: 5
                provisionedConcurrency: 1
                logRetentionDays: 60
              """),
          TestWorld.imaged(new ImageSpec(null, image("2"), null, null)),
          TestWorld.tagged(Map.of("team", "c", "place", "d")),
          TestWorld.endpointly(
              """
              endpoint:
                authorization: JWT
                jwt: {issuer: '%s', audience: [others]}
                cors: {allowOrigins: ['https://c.example']}
                throttling: {rateLimit: 10, burstLimit: 20}
              """
                  .formatted(world.aws.endpoint().resolve("/_local/issuer"))));
    }

    private static FeatureServer withoutOptions(FeatureServer resource) {
      return edited(
          resource,
          FunctionOptionsTest::withoutOptions,
          TestWorld.tagged(Map.of()),
          edited -> TestWorld.endpointOf(edited, EndpointSpec.DEFAULT));
    }

    @SafeVarargs
    private static FeatureServer edited(
        FeatureServer resource, UnaryOperator<FeatureServer>... edits) {
      FeatureServer edited = resource;
      for (UnaryOperator<FeatureServer> edit : edits) {
        edited = edit.apply(edited);
      }
      return edited;
    }

    private String image(String tag) {
      URI aws = world.aws.endpoint();
      return "%s:%d/000000000000/%s/%s:%s"
          .formatted(aws.getHost(), aws.getPort(), TestWorld.REGION, IMAGES, tag);
    }

    @Override
    public void close() {
      inventory.close();
      world.close();
    }
  }
}
