package dev.feast.aws.localaws;

/**
 * Where log lines go when local-aws is a process: warnings and errors to standard error, so that
 * standard output holds the ready line and nothing else. Where it is a part of another process,
 * logging is that one's business.
 */
final class Logging {
  private Logging() {}

  /** To be called before the first logger is made. */
  static void toStandardError() {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
    System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSX");
    // DynamoDB Local brings Log4j and a configuration that writes to standard output.
    System.setProperty("log4j2.configurationFile", "dev/feast/aws/localaws/log4j2.xml");
  }
}
