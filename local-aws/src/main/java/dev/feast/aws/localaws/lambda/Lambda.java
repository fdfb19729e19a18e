package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.control.Fault;
import dev.feast.aws.localaws.ecr.Repositories;
import dev.feast.aws.localaws.logs.LogGroups;
import dev.feast.aws.localaws.rest.RestOperation;
import dev.feast.aws.localaws.spi.Installation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lambda as a whole.
 *
 * @param api told by SigV4's scope
 * @param invoker what API Gateway calls
 * @param logs the last lines that functions of a name logged, whatever their account and region;
 *     empty where there is none
 */
public record Lambda(
    LambdaService api, Invoker invoker, Function<String, Optional<List<String>>> logs) {
  private static final Logger LOG = LoggerFactory.getLogger(Lambda.class);

  /**
   * Starts with no functions.
   *
   * @param logGroups where functions log
   * @param tagFaults what is to happen to GetFunction's reading of the tags, which it does with the
   *     caller's permission for ListTags
   * @param keyFaults what is to happen to the decryption of an environment under a customer's key,
   *     for which GetFunction needs the caller's permission for kms:Decrypt
   */
  public static Lambda start(
      Installation installation,
      Repositories repositories,
      FunctionLauncher launcher,
      LambdaLimits limits,
      LogGroups logGroups,
      Supplier<List<Fault.Action>> tagFaults,
      Supplier<List<Fault.Action>> keyFaults) {
    var functions = new Functions();
    var background = new Background(limits.settleTime());
    var concurrency = new Concurrency(functions, limits.concurrency());
    var invoker = new Invoker(functions, launcher, concurrency);
    var snapshots = new Snapshots(invoker, background);
    var settling = new Settling(functions, launcher, background, snapshots);
    var provisioning = new Provisioning(invoker, background, installation.clock());
    var invoke = new InvokeOperation(invoker);
    var operations = new ArrayList<RestOperation>();
    operations.addAll(
        new FunctionOperations(
                functions,
                new ImageResolver(repositories, installation.endpoint(), installation.iam()),
                settling,
                installation.iam(),
                installation.clock(),
                new FunctionLogGroups(logGroups),
                tagFaults,
                keyFaults)
            .operations());
    operations.addAll(
        new VersionOperations(functions, snapshots, installation.clock()).operations());
    operations.addAll(new AliasOperations(functions, provisioning).operations());
    operations.addAll(new PolicyOperations(functions).operations());
    operations.addAll(new TagOperations(functions).operations());
    operations.addAll(new ConcurrencyOperations(functions, concurrency).operations());
    operations.addAll(new ProvisionedOperations(functions, concurrency, provisioning).operations());
    operations.addAll(invoke.operations());
    ScheduledExecutorService reaper = reaper(functions, provisioning, limits.idleTime());
    Runnable close =
        () -> {
          background.close();
          invoke.close();
          reaper.shutdown(); // not while it waits for a process to end
          functions.all().forEach(function -> function.instances().close());
          launcher.close();
        };
    return new Lambda(
        new LambdaService(operations, new LambdaPermissions(functions), close),
        invoker,
        name -> logs(functions, name));
  }

  private static Optional<List<String>> logs(Functions functions, String name) {
    List<dev.feast.aws.localaws.lambda.Function> named =
        functions.all().stream().filter(function -> function.key().name().equals(name)).toList();
    return named.isEmpty()
        ? Optional.empty()
        : Optional.of(named.stream().flatMap(function -> function.log().lines().stream()).toList());
  }

  /** A failure is told and no more: after an exception the reaper would never run again. */
  private static void reap(
      dev.feast.aws.localaws.lambda.Function function,
      Provisioning provisioning,
      Duration idleTime) {
    try {
      function.instances().reap(idleTime);
      provisioning.refill(function);
    } catch (RuntimeException e) {
      LOG.error("What is idle of {} was not ended", function.key().name(), e);
    }
  }

  /** Ends execution environments that nobody uses. */
  private static ScheduledExecutorService reaper(
      Functions functions, Provisioning provisioning, Duration idleTime) {
    ScheduledExecutorService reaper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("lambda-reaper").factory());
    long every = Math.max(100, idleTime.toMillis() / 10);
    reaper.scheduleWithFixedDelay(
        () -> functions.all().forEach(function -> reap(function, provisioning, idleTime)),
        every,
        every,
        TimeUnit.MILLISECONDS);
    return reaper;
  }
}
