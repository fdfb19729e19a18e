package dev.feast.aws.api.v1alpha1;

/** Whether a condition holds. The constants are spelled as Kubernetes spells them. */
public enum ConditionStatus {
  True,
  False,
  Unknown
}
