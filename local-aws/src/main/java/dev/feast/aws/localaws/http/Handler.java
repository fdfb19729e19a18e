package dev.feast.aws.localaws.http;

import java.io.IOException;

/**
 * Answers requests, each on a virtual thread of its own. An exception that leaves it becomes a bare
 * 500.
 */
@FunctionalInterface
public interface Handler {
  Reply handle(Request request) throws IOException;
}
