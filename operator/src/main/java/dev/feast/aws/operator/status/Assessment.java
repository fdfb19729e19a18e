package dev.feast.aws.operator.status;

import dev.feast.aws.api.v1alpha1.ConditionStatus;
import dev.feast.aws.api.v1alpha1.ConditionType;
import dev.feast.aws.api.v1alpha1.FeatureServerStatus;
import java.util.Map;

/**
 * What a pass came to, as the status is to tell it.
 *
 * @param summary of everything
 * @param stages of SpecAccepted, ImageReady, FunctionReady and EndpointAvailable; those left out
 *     stay as they were
 * @param serves whether callers of the endpoint are answered, be it by an older version
 * @param facts everything of the status but its conditions and observedGeneration
 */
public record Assessment(
    Summary summary,
    Map<ConditionType, Verdict> stages,
    boolean serves,
    FeatureServerStatus facts) {

  /** Where the FeatureServer as a whole stands, as kstatus tells it. */
  public enum Progress {
    /** The endpoint serves this generation. */
    COMPLETE,
    /** It does, and something that no caller notices is left to do. */
    TIDYING,
    /** Work goes on, or waits for something that may come. */
    RECONCILING,
    /** Nothing more will happen until someone changes something. */
    STALLED,
    /** Nothing is to be done, by the user's will. */
    OFF
  }

  /**
   * All of it in one word and one sentence.
   *
   * @param warning whether somebody should look at it
   */
  public record Summary(Progress progress, String reason, String message, boolean warning) {}

  public record Verdict(ConditionStatus status, String reason, String message) {
    public static Verdict yes(String reason, String message) {
      return new Verdict(ConditionStatus.True, reason, message);
    }

    public static Verdict no(String reason, String message) {
      return new Verdict(ConditionStatus.False, reason, message);
    }
  }
}
