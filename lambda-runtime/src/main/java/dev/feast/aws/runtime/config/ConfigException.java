package dev.feast.aws.runtime.config;

/** The runtime cannot start as it is configured; the message names the key and what would do. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }

  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
