package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.model.DesiredStack;

/** Asks an endpoint over HTTP, as any caller would. */
@FunctionalInterface
public interface EndpointProbe extends AutoCloseable {
  /** For an operator that cannot reach endpoints from where it is. */
  EndpointProbe NONE = (endpoint, desired) -> new EndpointAnswer.NotAsked();

  /**
   * Asks once, and waits for the answer some seconds at most.
   *
   * @param endpoint base URL, without a trailing slash
   * @param desired who may ask it, and what of its words may not be shown
   */
  EndpointAnswer ask(String endpoint, DesiredStack desired);

  /** What is asked still gets no answer. */
  @Override
  default void close() {}
}
