package dev.feast.aws.api.v1alpha1;

/** The conditions of a FeatureServer. */
public enum ConditionType {
  /** Sums up: the endpoint serves the generation that the condition's observedGeneration names. */
  READY("Ready"),
  /** Work is under way or waits for something; abnormal-true, as kstatus reads it. */
  RECONCILING("Reconciling"),
  /** Nothing more will happen until someone changes something; abnormal-true, as kstatus reads. */
  STALLED("Stalled"),
  /** The spec and its feature_store.yaml are understood and without mistakes. */
  SPEC_ACCEPTED("SpecAccepted"),
  /** The image lies in ECR by digest, for the function's platform. */
  IMAGE_READY("ImageReady"),
  /** The version of the function that is wanted passed its probes and has the traffic. */
  FUNCTION_READY("FunctionReady"),
  /** The HTTP API leads to the function, and the endpoint answers. */
  ENDPOINT_AVAILABLE("EndpointAvailable");

  private final String type;

  ConditionType(String type) {
    this.type = type;
  }

  /** The name in {@code status.conditions[].type}. */
  public String type() {
    return type;
  }
}
