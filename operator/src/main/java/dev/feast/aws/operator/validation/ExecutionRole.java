package dev.feast.aws.operator.validation;

/** The IAM role that the function runs as, by its ARN or, in the function's account, its name. */
public sealed interface ExecutionRole {

  /** The ARN, where a mere name is completed with the partition and account of the function. */
  String arn(String partition, String account);

  /**
   * @param arn {@code arn:<partition>:iam::<account>:role/<path and name>}
   */
  record ByArn(String arn) implements ExecutionRole {
    @Override
    public String arn(String partition, String account) {
      return arn;
    }
  }

  record ByName(String name) implements ExecutionRole {
    @Override
    public String arn(String partition, String account) {
      return "arn:" + partition + ":iam::" + account + ":role/" + name;
    }
  }
}
