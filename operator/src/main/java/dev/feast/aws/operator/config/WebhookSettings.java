package dev.feast.aws.operator.config;

import java.nio.file.Path;

/**
 * Where the validating webhook is served.
 *
 * @param port 0 takes a free one
 * @param tls folder with tls.crt and tls.key
 */
public record WebhookSettings(int port, Path tls) {}
