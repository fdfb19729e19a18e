package dev.feast.aws.operator.model;

/**
 * What of a function is ours to set and is frozen into each published version, beside its code.
 *
 * @param role the execution role's ARN
 * @param kmsKeyArn the key that encrypts the environment; empty: Lambda's own
 */
public record FunctionSettings(
    String role, int memoryMiB, int timeoutSeconds, Environment environment, String kmsKeyArn) {}
