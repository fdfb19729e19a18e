package dev.feast.aws.operator.controller;

import static dev.feast.aws.operator.controller.TestWorld.function;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.FunctionSpec;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/** What of {@code spec.function} is frozen into a version: each change of it is a new one. */
class FunctionOptionsTest {
  /** All options at once, as lines of a spec. */
  static final String ALL =
      """
        function:
          ephemeralStorageMiB: 1024
          tracing: Active
          vpc: {subnetIds: [subnet-b, subnet-a], securityGroupIds: [sg-1]}
          reservedConcurrency: 4
          provisionedConcurrency: 2
          logRetentionDays: 30
      """;

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

  private interface Told {
    Object by(FunctionConfiguration version);
  }

  /**
   * @param first what the spec says at creation
   * @param second what it is changed to, a regular expression of the former and its replacement
   */
  private static Arguments option(
      String name, String first, String[] second, Told told, Object... values) {
    return Arguments.argumentSet(name, name, first, second, told, values);
  }

  private static String[] to(String before, String after) {
    return new String[] {before, after};
  }

  static Stream<Arguments> options() {
    return Stream.of(
        option(
            "storage",
            "ephemeralStorageMiB: 1024",
            to("ephemeralStorageMiB: 1024", "ephemeralStorageMiB: 10240"),
            version -> version.ephemeralStorage().size(),
            1024,
            10240,
            512),
        option(
            "tracing",
            "tracing: Active",
            to("tracing: Active", "tracing: PassThrough"),
            version -> version.tracingConfig().modeAsString(),
            "Active",
            "PassThrough",
            "PassThrough"),
        option(
            "snapstart",
            "snapStart: PublishedVersions",
            to("snapStart: PublishedVersions", "snapStart: None"),
            version ->
                version.snapStart().applyOnAsString()
                    + " "
                    + version.snapStart().optimizationStatusAsString(),
            "PublishedVersions On",
            "None Off",
            "None Off"),
        option(
            "vpc",
            "vpc: {subnetIds: [subnet-b, subnet-a], securityGroupIds: [sg-1]}",
            to("subnet-b", "subnet-c"),
            version ->
                version.vpcConfig() == null
                    ? "none"
                    : version.vpcConfig().subnetIds() + "" + version.vpcConfig().securityGroupIds(),
            "[subnet-a, subnet-b][sg-1]",
            "[subnet-a, subnet-c][sg-1]",
            "none"));
  }

  @ParameterizedTest
  @MethodSource("options")
  void rollsOutAnOptionItsChangeAndItsAbsence(
      String name, String first, String[] second, Told told, Object[] values) {
    world.apply(name, "  function:\n    " + first + "\n");
    assertThat(told.by(live(world.awaitReady(name)))).isEqualTo(values[0]);

    world.edit(name, TestWorld.spec(second[0], second[1]));
    assertThat(told.by(live(world.awaitReady(name)))).isEqualTo(values[1]);

    world.edit(name, FunctionOptionsTest::withoutOptions);
    FeatureServer last = world.awaitReady(name);
    assertThat(told.by(live(last))).isEqualTo(values[2]);
    assertThat(function(last).version()).isEqualTo(values[1].equals(values[2]) ? "2" : "3");
  }

  static FeatureServer withoutOptions(FeatureServer resource) {
    return TestWorld.functionOf(resource, FunctionSpec.DEFAULT);
  }

  private static FunctionConfiguration live(FeatureServer ready) {
    String version = requireNonNull(function(ready).version());
    return byHand
        .lambda
        .getFunction(r -> r.functionName(function(ready).name()).qualifier(version))
        .configuration();
  }
}
