package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.condition;
import static dev.feast.aws.operator.controller.TestWorld.function;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.Architecture;
import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.ImageSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code spec.image.architecture}: a function runs on what its image is for. */
class ArchitectureOfImagesTest {
  @RegisterExtension static final TestWorld world = TestWorld.started();
  private static AwsByHand byHand;

  @BeforeAll
  static void start() {
    byHand = new AwsByHand(world.aws);
  }

  @AfterAll
  static void close() {
    byHand.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"source", "uri"})
  void runsAnImageForArmOnArmAndChangesBack(String field) throws Exception {
    String arm = push("graviton-" + field, "arm", "arm64");
    String amd = push("graviton-" + field, "amd", "amd64");
    String name = "on-arm-" + field;
    world.apply(name, "  image: {%s: '%s', architecture: arm64}\n".formatted(field, arm));

    FeatureServer first = world.awaitReady(name);
    assertThat(architecture(first)).isEqualTo("arm64");

    world.edit(
        name,
        TestWorld.imaged(
            field.equals("uri")
                ? new ImageSpec(amd, null, null, null)
                : new ImageSpec(null, amd, null, Architecture.amd64)));
    FeatureServer second = world.awaitReady(name);
    assertThat(architecture(second)).isEqualTo("x86_64");
    assertThat(function(second).version()).isEqualTo("2");
  }

  @Test
  void saysWhatTheOperatorShipsWhereAnotherIsAskedFor() {
    world.apply("shipped", "  image: {architecture: arm64}\n");

    FeatureServer refused =
        world.awaitCondition(
            "shipped", ConditionType.STALLED, ConditionStatus.True, "ImageWrongPlatform");

    assertThat(condition(refused, ConditionType.STALLED).message())
        .contains("the operator's own runtime", "linux/amd64", "the function needs linux/arm64");
    world.edit("shipped", TestWorld.imaged(new ImageSpec(null, null, null, Architecture.amd64)));
    assertThat(architecture(world.awaitReady("shipped"))).isEqualTo("x86_64");
  }

  private static String push(String repository, String tag, String architecture) throws Exception {
    String image = world.push(repository, tag, architecture, tag + " in " + repository);
    return image.substring(0, image.indexOf('@')) + ":" + tag;
  }

  private static String architecture(FeatureServer ready) {
    return byHand
        .lambda
        .getFunctionConfiguration(r -> r.functionName(function(ready).name()))
        .architecturesAsStrings()
        .getFirst();
  }
}
