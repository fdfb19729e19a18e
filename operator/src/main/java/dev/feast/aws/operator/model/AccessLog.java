package dev.feast.aws.operator.model;

/**
 * Where API Gateway writes a line for each request.
 *
 * @param destinationArn a log group's ARN, without {@code :*} at its end
 * @param format the line, with {@code $context} variables
 */
public record AccessLog(String destinationArn, String format) {
  private static final String ALL_STREAMS = ":*";

  public AccessLog {
    if (destinationArn.endsWith(ALL_STREAMS)) {
      destinationArn = destinationArn.substring(0, destinationArn.length() - ALL_STREAMS.length());
    }
  }
}
