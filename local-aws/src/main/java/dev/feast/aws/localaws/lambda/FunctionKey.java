package dev.feast.aws.localaws.lambda;

/** Where a function lives and what it is called. */
public record FunctionKey(String account, String region, String name) {
  public String arn() {
    return "arn:aws:lambda:" + region + ":" + account + ":function:" + name;
  }

  /** The ARN of a version or alias. */
  public String arn(String qualifier) {
    return arn() + ":" + qualifier;
  }
}
