package dev.feast.aws.runtime.http;

/** Answers one request, or throws a {@link Refusal}. */
@FunctionalInterface
public interface Handler {
  Answer handle(Request request);
}
