package dev.feast.aws.localaws.spi;

import dev.feast.aws.localaws.http.Request;

/** One AWS service, or one surface of it. */
public interface Service {
  /**
   * As SigV4's credential scope has it: {@code ecr}, {@code lambda}, {@code apigateway}, {@code
   * s3}, …
   */
  String name();

  /** How this service writes errors, and which ones it has for what every service can refuse. */
  WireErrors errors();

  /**
   * The caller as this service sees it. Most services know of account and region from the
   * signature, which is where the caller comes from.
   */
  default Caller caller(Request request, Caller signed) {
    return signed;
  }

  /**
   * Names the operation that a request asks for; nothing happens yet.
   *
   * @throws AwsError for an operation that the service does not have; see {@link
   *     WireErrors#unknownOperation}
   */
  Operation operation(Request request, Caller caller) throws java.io.IOException;
}
