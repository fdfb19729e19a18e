package dev.feast.aws.localaws.lambda;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** Finds out what an invocation runs, and runs it. */
public final class Invoker {
  /** "4 KB of the execution log". */
  private static final int MAX_LOG_TAIL_BYTES = 4096;

  private final Functions functions;
  private final FunctionLauncher launcher;
  private final Concurrency concurrency;

  Invoker(Functions functions, FunctionLauncher launcher, Concurrency concurrency) {
    this.functions = functions;
    this.launcher = launcher;
    this.concurrency = concurrency;
  }

  /**
   * What is invoked, with what.
   *
   * @param qualifier a version or alias; empty for $LATEST
   * @param payload the event, JSON
   * @param traceId in X-Ray's form
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on as it is; never compared
  public record Request(
      FunctionKey function,
      Optional<String> qualifier,
      byte[] payload,
      Optional<String> clientContext,
      String requestId,
      String traceId) {}

  /**
   * What came of it.
   *
   * @param logTail the last 4 KB of what was logged
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on as it is; never compared
  public record Invoked(InvocationResult result, String executedVersion, byte[] logTail) {}

  /** A version that may be invoked now. */
  record Target(Function function, String version, Settings settings) {}

  /**
   * Invokes and waits for the answer.
   *
   * @throws dev.feast.aws.localaws.spi.AwsError where Lambda would refuse the invocation
   */
  public Invoked invoke(Request request) {
    Target target = target(request.function, request.qualifier);
    Function function = target.function;
    Settings settings = target.settings;
    concurrency.enter(function);
    try {
      var invocation =
          new Invocation(
              request.requestId,
              function.key().name(),
              target.version,
              request.qualifier.map(function.key()::arn).orElseGet(function.key()::arn),
              settings.variables(),
              request.payload,
              request.clientContext,
              traceId(request.traceId, settings));
      var tail = new LogTail(MAX_LOG_TAIL_BYTES);
      InvocationResult result =
          function
              .instances()
              .invoke(
                  target.version,
                  settings,
                  invocation,
                  line -> {
                    tail.add(line);
                    function.log().add(line);
                  },
                  () -> launcher.launch(launch(target, onDemand(target))));
      return new Invoked(result, target.version, tail.bytes());
    } finally {
      concurrency.leave(function);
    }
  }

  /** With a decision on whether it is traced: the caller's, else by the function's own setting. */
  private static String traceId(String given, Settings settings) {
    return given.contains("Sampled=")
        ? given
        : given + ";Sampled=" + (settings.tracingMode().equals("Active") ? "1" : "0");
  }

  /** What a qualifier means right now, where it can be invoked. */
  Target target(FunctionKey key, Optional<String> qualifier) {
    String arn = qualifier.map(key::arn).orElseGet(key::arn);
    Function function = functions.find(key).orElseThrow(() -> LambdaErrors.functionNotFound(arn));
    synchronized (function) {
      String name = qualifier.orElse(FunctionVersion.LATEST);
      String version =
          function.alias(name).map(alias -> alias.pick(RandomGenerator.getDefault())).orElse(name);
      FunctionVersion found =
          function.version(version).orElseThrow(() -> LambdaErrors.functionNotFound(arn));
      switch (found.status()) {
        case Status.Pending(), Status.Failed(_) ->
            throw LambdaErrors.wrongState(found.status().state());
        case Status.Active(), Status.Updating(), Status.UpdateFailed(_) -> {}
      }
      Settings settings =
          version.equals(FunctionVersion.LATEST)
              ? function.serving().orElse(found.settings())
              : found.settings();
      return new Target(function, version, settings);
    }
  }

  private static Initialization onDemand(Target target) {
    return target.settings.snapStart().appliesTo(target.version)
        ? Initialization.SNAP_START
        : Initialization.ON_DEMAND;
  }

  /** Initializes a version for its first invocation; false where that fails. */
  boolean start(Function function, FunctionVersion version) {
    var target = new Target(function, version.version(), version.settings());
    return function
        .instances()
        .start(
            version.version(),
            version.settings(),
            () -> launcher.launch(launch(target, onDemand(target))));
  }

  /** Keeps that many environments of a version; false where one cannot be initialized. */
  boolean keep(Function function, FunctionVersion version, int wanted) {
    var target = new Target(function, version.version(), version.settings());
    return function
        .instances()
        .keep(
            version.version(),
            version.settings(),
            wanted,
            () -> launcher.launch(launch(target, Initialization.PROVISIONED)));
  }

  private static Launch launch(Target target, Initialization initialization) {
    Settings settings = target.settings;
    return new Launch(
        target.function.key(),
        target.version,
        settings.image(),
        settings.overrides(),
        settings.role(),
        settings.memoryMiB(),
        settings.timeoutSeconds(),
        settings.variables(),
        settings.architecture(),
        initialization,
        target.function.log());
  }

  /**
   * Whether the policy of that function, version or alias lets a service invoke it for a source.
   */
  public boolean permits(
      FunctionKey key,
      Optional<String> qualifier,
      String servicePrincipal,
      String sourceArn,
      String sourceAccount) {
    return functions
        .find(key)
        .map(
            function ->
                function
                    .policy(qualifier)
                    .allows(servicePrincipal, "lambda:InvokeFunction", sourceArn, sourceAccount))
        .orElse(false);
  }
}
