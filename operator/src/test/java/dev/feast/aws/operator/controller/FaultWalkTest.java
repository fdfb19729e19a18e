package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.FaultWalk.IMAGES;
import static dev.feast.aws.operator.controller.FaultWalk.NAME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.ImageSpec;
import dev.feast.aws.operator.controller.FaultWalk.Operation;
import dev.feast.aws.operator.model.Adoption;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whichever call of whichever operation goes wrong in whichever way, the end is the same. */
class FaultWalkTest {
  private static final int WORLDS = 6;

  /** As many as a build has time for; {@code -Dfaults.most=10000} tries them all. */
  private static final int SAMPLE = 60;

  /** What the names of the operations have that are walked; all of them by default. */
  private static final Pattern ONLY = Pattern.compile(System.getProperty("faults.only", ""));

  static final List<Operation> OPERATIONS =
      List.of(
          new Operation(
              "create",
              world -> {},
              world -> world.apply(NAME, ""),
              world -> world.isServing(NAME, "1")),
          update(
              "update of the image",
              world -> {
                pushImages(world);
                served(world, "  image: {source: '%s'}\n".formatted(image(world, "1")));
              },
              world ->
                  world.edit(
                      NAME, TestWorld.imaged(new ImageSpec(null, image(world, "2"), null, null))),
              "2"),
          update(
              "third version",
              world -> {
                served(world, "");
                world.edit(NAME, TestWorld.storedAt("s3://feast/registries/second"));
                world.awaitReady(NAME);
              },
              world -> world.edit(NAME, TestWorld.storedAt("s3://feast/registries/third")),
              "3"),
          update(
              "update of the tags",
              world -> served(world, "  aws: {tags: {team: a, cost: b}}\n"),
              world -> world.edit(NAME, TestWorld.tagged(Map.of("team", "c", "place", "d"))),
              "1"),
          update(
              "update of the keys",
              world -> {
                key(world, "first-0123456789abcdef0123456789abcdef");
                served(world, "  endpoint: {authorization: APIKey, apiKeys: {secretName: keys}}\n");
              },
              world -> key(world, "second-0123456789abcdef0123456789abcdef"),
              "2"),
          update(
              "options of the function",
              world -> served(world, ""),
              world -> world.edit(NAME, TestWorld.functionally(FunctionOptionsTest.ALL)),
              "2"),
          update(
              "end of the function's options",
              world -> served(world, FunctionOptionsTest.ALL),
              world -> world.edit(NAME, FunctionOptionsTest::withoutOptions),
              "2"),
          update(
              "keys, then all that an endpoint may have",
              world -> {
                key(world, "first-0123456789abcdef0123456789abcdef");
                logGroup(world);
                served(world, "  endpoint: {authorization: APIKey, apiKeys: {secretName: keys}}\n");
              },
              world -> world.edit(NAME, TestWorld.endpointly(EndpointTest.all(world.aws))),
              "2"),
          update(
              "all that an endpoint may have, then keys",
              world -> {
                key(world, "first-0123456789abcdef0123456789abcdef");
                logGroup(world);
                served(world, EndpointTest.all(world.aws));
              },
              world ->
                  world.edit(
                      NAME,
                      TestWorld.endpointly(
                          "  endpoint: {authorization: APIKey, apiKeys: {secretName: keys}}\n")),
              "2"),
          new Operation(
              "adoption of what Feast's alpha left",
              FaultWalkTest::makeAlpha,
              world -> world.apply(NAME, Map.of(Adoption.ANNOTATION, "feast-alpha"), ""),
              world -> world.isServing(NAME, "1")),
          new Operation(
              "adoption of another cluster's",
              world -> world.leaveFromAnotherCluster("cluster-2", NAME, ""),
              world -> world.apply(NAME, Map.of(Adoption.ANNOTATION, "cluster/cluster-2"), ""),
              world -> world.isServing(NAME, "1")),
          new Operation(
              "delete with options",
              world -> served(world, FunctionOptionsTest.ALL),
              world -> world.delete(NAME),
              world -> world.get(NAME) == null),
          new Operation(
              "delete",
              world -> served(world, ""),
              world -> world.delete(NAME),
              world -> world.get(NAME) == null));

  @Test
  void endsTheSameWhateverGoesWrongAtWhicheverCall() throws Exception {
    int most = Integer.getInteger("faults.most", SAMPLE);
    long seed = Long.getLong("faults.seed", new Random().nextLong());

    List<Operation> operations =
        OPERATIONS.stream().filter(each -> ONLY.matcher(each.name()).find()).toList();

    FaultWalk.Report report = FaultWalk.over(operations, WORLDS, most, new Random(seed));

    System.out.println(report);
    assertThat(report.failures())
        .as("again with -Dfaults.seed=%d -Dfaults.most=%d", seed, most)
        .isEmpty();
    assertThat(report.survived()).isGreaterThan(report.missed() * 20);
  }

  private static Operation update(
      String name, Consumer<TestWorld> prepare, Consumer<TestWorld> act, String version) {
    return new Operation(name, prepare, act, world -> world.isServing(NAME, version));
  }

  private static void served(TestWorld world, String more) {
    world.apply(NAME, more);
    world.awaitReady(NAME);
  }

  private static void makeAlpha(TestWorld world) {
    try (var byHand = new AwsByHand(world.aws)) {
      AlphaFeatureServer.of014(world, byHand, "dev");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a repository with the images 1 and 2, where there is none. */
  private static void pushImages(TestWorld world) {
    if (world.region().ecr().find(IMAGES).isPresent()) {
      return;
    }
    try {
      world.push(IMAGES, "1", "first");
      world.push(IMAGES, "2", "second");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An image's name; of no call of AWS, for a fault waits for the operator's. */
  private static String image(TestWorld world, String tag) {
    URI aws = world.aws.endpoint();
    return "%s:%d/000000000000/%s/%s:%s"
        .formatted(aws.getHost(), aws.getPort(), TestWorld.REGION, IMAGES, tag);
  }

  /** Not the operator's: of each walk's own. */
  private static void logGroup(TestWorld world) {
    try (var byHand = new AwsByHand(world.aws)) {
      byHand.logs.createLogGroup(r -> r.logGroupName(EndpointTest.LOG_GROUP));
    }
  }

  private static void key(TestWorld world, String key) {
    world
        .client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(TestWorld.NAMESPACE)
                .withName("keys")
                .endMetadata()
                .addToData("key", Base64.getEncoder().encodeToString(key.getBytes(UTF_8)))
                .build())
        .createOr(existing -> existing.update());
  }
}
