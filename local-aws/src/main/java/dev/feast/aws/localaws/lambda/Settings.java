package dev.feast.aws.localaws.lambda;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is set about a function, and frozen with each version. Equal settings need no new version.
 *
 * @param memoryMiB 128 to 10,240
 * @param timeoutSeconds 1 to 900
 * @param environment null where it was never given; Lambda then leaves it out of its answers
 * @param kmsKeyArn the customer's key that encrypts the environment; empty: Lambda's own
 * @param ephemeralStorageMiB the size of /tmp
 * @param tracingMode {@code Active} or {@code PassThrough}
 * @param snapStart whether published versions start from a snapshot
 */
record Settings(
    FunctionImage image,
    ImageOverrides overrides,
    String description,
    String role,
    int memoryMiB,
    int timeoutSeconds,
    @Nullable Map<String, String> environment,
    String kmsKeyArn,
    int ephemeralStorageMiB,
    String architecture,
    String tracingMode,
    VpcSettings vpc,
    SnapStart snapStart) {
  Settings {
    environment =
        environment == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  Map<String, String> variables() {
    return environment == null ? Map.of() : environment;
  }

  Settings withDescription(String text) {
    return new Settings(
        image,
        overrides,
        text,
        role,
        memoryMiB,
        timeoutSeconds,
        environment,
        kmsKeyArn,
        ephemeralStorageMiB,
        architecture,
        tracingMode,
        vpc,
        snapStart);
  }

  Settings withCode(FunctionImage newImage, String newArchitecture) {
    return new Settings(
        newImage,
        overrides,
        description,
        role,
        memoryMiB,
        timeoutSeconds,
        environment,
        kmsKeyArn,
        ephemeralStorageMiB,
        newArchitecture,
        tracingMode,
        vpc,
        snapStart);
  }
}
