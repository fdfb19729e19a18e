package dev.feast.aws.localaws.iam;

/** An action and a resource that a statement allows together, as the policy has them. */
public record Grant(String action, String resource) implements Comparable<Grant> {
  @Override
  public int compareTo(Grant other) {
    int byAction = action.compareTo(other.action);
    return byAction == 0 ? resource.compareTo(other.resource) : byAction;
  }
}
