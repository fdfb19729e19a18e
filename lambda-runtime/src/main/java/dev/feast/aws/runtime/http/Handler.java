package dev.feast.aws.runtime.http;

/** Answers one request; never throws for anything a client can send. */
@FunctionalInterface
public interface Handler {
  Answer handle(Request request);
}
