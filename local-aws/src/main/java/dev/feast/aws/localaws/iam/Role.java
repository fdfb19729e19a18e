package dev.feast.aws.localaws.iam;

import dev.feast.aws.localaws.spi.Permission;
import dev.feast.aws.localaws.sts.IssuedKeys;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** A role: who may have its keys, and what they are good for. */
public final class Role {
  private final String arn;
  private final TrustPolicy trust;
  private final List<Policy> policies;
  private final NavigableSet<Grant> used = new ConcurrentSkipListSet<>();

  Role(String arn, TrustPolicy trust, List<Policy> policies) {
    if (!IssuedKeys.isRoleArn(arn)) {
      throw new IllegalArgumentException("'" + arn + "' is not the ARN of an IAM role");
    }
    this.arn = arn;
    this.trust = trust;
    this.policies = List.copyOf(policies);
  }

  /**
   * A role of that ARN.
   *
   * @param trustPolicy IAM's JSON
   * @throws IllegalArgumentException when the ARN is none of a role, or the trust policy cannot be
   *     read
   */
  public static Role of(String arn, String trustPolicy, Policy... policies) {
    return new Role(arn, TrustPolicy.of(PolicyJson.parse(trustPolicy)), List.of(policies));
  }

  public String arn() {
    return arn;
  }

  TrustPolicy trust() {
    return trust;
  }

  /** What of its policies has allowed a call so far. */
  public NavigableSet<Grant> used() {
    return new TreeSet<>(used);
  }

  /** What its policies allow and no call has needed so far. */
  public NavigableSet<Grant> unused() {
    var unused = new TreeSet<Grant>();
    policies.forEach(policy -> policy.statements().forEach(s -> s.grants().forEach(unused::add)));
    unused.removeAll(used);
    return unused;
  }

  /** What its policies, taken together, say. */
  Decision decide(Permission permission, Context context) {
    var decision = Decision.NOT_ALLOWED;
    for (Policy policy : policies) {
      for (Statement statement : policy.statements()) {
        Optional<Grant> match = statement.match(permission, context);
        if (match.isPresent() && !statement.allows()) {
          return Decision.DENIED;
        }
        if (match.isPresent() && decision != Decision.ALLOWED) {
          used.add(match.get());
          decision = Decision.ALLOWED;
        }
      }
    }
    return decision;
  }
}
