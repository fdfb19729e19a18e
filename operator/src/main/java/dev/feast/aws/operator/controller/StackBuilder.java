package dev.feast.aws.operator.controller;

import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.DesiredStack.DesiredFunction;
import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.Location;
import dev.feast.aws.operator.model.Owner;
import dev.feast.aws.operator.model.RouteKey;
import dev.feast.aws.operator.model.StackName;
import dev.feast.aws.operator.model.Tags;
import dev.feast.aws.operator.validation.FeatureServerConfig;

/** From what a spec says to what AWS should hold. */
final class StackBuilder {
  private StackBuilder() {}

  static DesiredStack build(
      Owner owner,
      Location location,
      FeatureServerConfig config,
      Images.Resolution.Resolved image) {
    var settings =
        new FunctionSettings(
            config.executionRole().arn(location.partition(), location.account()),
            config.memoryMiB(),
            config.timeoutSeconds(),
            Environment.of(config.environment()),
            config.kmsKeyArn(),
            config.ephemeralStorageMiB(),
            config.traced(),
            config.vpc(),
            config.snapStart());
    return new DesiredStack(
        owner,
        location,
        StackName.of(owner),
        Tags.of(owner, config.project(), config.tags()),
        image.image(),
        new DesiredFunction(settings, image.architecture()),
        config.capacity(),
        config.logRetentionDays(),
        config.endpoint(),
        config.rollout(),
        RouteKey.ALL);
  }
}
