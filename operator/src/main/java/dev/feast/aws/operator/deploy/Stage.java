package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.plan.Step;

/** The stage of a deployment that a step belongs to; each has a condition of its own. */
public enum Stage {
  IMAGE,
  FUNCTION,
  ENDPOINT;

  static Stage of(Step step) {
    return switch (step) {
      case Step.CreateRepository _,
          Step.SetRepositoryPolicy _,
          Step.TagRepository _,
          Step.CopyImage _,
          Step.DeleteImages _,
          Step.DeleteRepository _ ->
          IMAGE;
      case Step.CreateFunction _,
          Step.AwaitFunction _,
          Step.UpdateFunctionCode _,
          Step.UpdateFunctionConfiguration _,
          Step.TagFunction _,
          Step.PublishVersion _,
          Step.ProbeVersion _,
          Step.AwaitVersion _,
          Step.CreateAlias _,
          Step.MoveAlias _,
          Step.DeleteVersion _,
          Step.DeleteFunction _ ->
          FUNCTION;
      case Step.CreateApi _,
          Step.UpdateApi _,
          Step.TagApi _,
          Step.CreateIntegration _,
          Step.UpdateIntegration _,
          Step.DeleteIntegration _,
          Step.CreateRoute _,
          Step.UpdateRoute _,
          Step.DeleteRoute _,
          Step.CreateStage _,
          Step.UpdateStage _,
          Step.DeleteApi _,
          Step.AddPermission _,
          Step.RemovePermission _ ->
          ENDPOINT;
    };
  }
}
