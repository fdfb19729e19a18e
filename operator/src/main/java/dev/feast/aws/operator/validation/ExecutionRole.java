package dev.feast.aws.operator.validation;

import java.util.Optional;

/** The IAM role that the function runs as, by its ARN or, in the function's account, its name. */
public sealed interface ExecutionRole {

  /** The ARN, where a mere name is completed with the partition and account of the function. */
  String arn(String partition, String account);

  /** The name without path and account. */
  String name();

  /**
   * The more exact of two ways to name one role, or nothing where they are two roles. A name and an
   * ARN are taken for one where the ARN ends in the name: which account the name is in is only
   * known in AWS.
   */
  default Optional<ExecutionRole> agreedWith(ExecutionRole other) {
    if (equals(other)) {
      return Optional.of(this);
    }
    if (!name().equals(other.name()) || (this instanceof ByArn && other instanceof ByArn)) {
      return Optional.empty();
    }
    return Optional.of(this instanceof ByArn ? this : other);
  }

  /**
   * @param arn {@code arn:<partition>:iam::<account>:role/<path and name>}
   */
  record ByArn(String arn) implements ExecutionRole {
    @Override
    public String arn(String partition, String account) {
      return arn;
    }

    @Override
    public String name() {
      return arn.substring(arn.lastIndexOf('/') + 1);
    }
  }

  record ByName(String name) implements ExecutionRole {
    @Override
    public String arn(String partition, String account) {
      return "arn:" + partition + ":iam::" + account + ":role/" + name;
    }
  }
}
