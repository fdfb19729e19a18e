package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import java.util.List;
import java.util.Optional;

/**
 * What Lambda asks of a function's role, and of who sets it up, before it takes the function's
 * settings; and of who reads them.
 */
final class RoleChecks {
  /** "Required IAM permissions" of "Giving Lambda functions access to resources in a VPC". */
  private static final List<String> NETWORK =
      List.of(
          "CreateNetworkInterface",
          "DescribeNetworkInterfaces",
          "DescribeSubnets",
          "DeleteNetworkInterface",
          "AssignPrivateIpAddresses",
          "UnassignPrivateIpAddresses");

  /** "Lambda uses your user's permissions to verify network resources." */
  private static final List<String> VERIFYING =
      List.of("DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs");

  /** "Permissions" of "Securing Lambda environment variables": to configure a key. */
  private static final List<String> KEY = List.of("CreateGrant", "Encrypt");

  private static final List<String> TRACES = List.of("PutTraceSegments", "PutTelemetryRecords");

  private final Iam iam;

  RoleChecks(Iam iam) {
    this.iam = iam;
  }

  void check(Settings settings, Caller caller) {
    if (!iam.lambdaMayAssume(settings.role(), caller.accountId())) {
      throw LambdaErrors.invalid("The role defined for the function cannot be assumed by Lambda.");
    }
    KEY.forEach(call -> mayUseKey(call, settings.kmsKeyArn(), caller));
    if (!settings.vpc().isNone()) {
      VERIFYING.forEach(call -> mayVerify(call, settings.vpc(), caller));
      NETWORK.forEach(call -> may(settings.role(), caller.region(), "ec2", call, "EC2"));
    }
    if (settings.tracingMode().equals("Active")) {
      TRACES.forEach(call -> may(settings.role(), caller.region(), "xray", call, "XRAY"));
    }
  }

  /** Every key of the region is there; those of others KMS does not know. */
  private void mayUseKey(String call, String key, Caller caller) {
    if (key.isEmpty()) {
      return;
    }
    String region = key.split(":", 5)[3];
    if (!region.equals(caller.region())) {
      throw keyNotUsable(call, "NotFoundException", "Invalid arn " + region);
    }
    iam.refusal(caller, Permission.of("kms:" + call, key))
        .ifPresent(
            refusal -> {
              throw keyNotUsable(call, "AccessDeniedException", refusal);
            });
  }

  private static AwsError keyNotUsable(String call, String code, String message) {
    return LambdaErrors.invalid(
        "Lambda was unable to configure access to your environment variables because the KMS key"
            + " is invalid for %s. Please check your KMS key settings. KMS Exception: %s KMS"
                .formatted(call, code)
            + " Message: "
            + message);
  }

  /** Why the environment cannot be decrypted for the caller; empty where it can. */
  Optional<AwsError> unreadable(Settings settings, Caller caller) {
    return settings.kmsKeyArn().isEmpty()
        ? Optional.empty()
        : iam.refusal(caller, Permission.of("kms:Decrypt", settings.kmsKeyArn()))
            .map(refusal -> AwsError.of(403, "AccessDeniedException", refusal));
  }

  private void mayVerify(String call, VpcSettings vpc, Caller caller) {
    if (iam.refusal(caller, Permission.of("ec2:" + call, "*")).isPresent()) {
      throw AwsError.of(
          403,
          "AccessDeniedException",
          "Your access has been denied by EC2, please make sure your request credentials have"
              + " permission to %s for %s. EC2 Error Code: UnauthorizedOperation. EC2 Error Message:"
                  .formatted(
                      call,
                      call.equals("DescribeSecurityGroups")
                          ? vpc.securityGroupIds()
                          : vpc.subnetIds())
              + " You are not authorized to perform this operation.");
    }
  }

  private void may(String role, String region, String service, String call, String shown) {
    if (!iam.roleMay(role, region, Permission.of(service + ":" + call, "*"))) {
      throw LambdaErrors.invalid(
          "The provided execution role does not have permissions to call %s on %s"
              .formatted(call, shown));
    }
  }
}
