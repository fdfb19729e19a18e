package dev.feast.aws.localaws;

import dev.feast.aws.localaws.apigateway.ApiGateway;
import dev.feast.aws.localaws.control.Calls;
import dev.feast.aws.localaws.control.Control;
import dev.feast.aws.localaws.control.Faults;
import dev.feast.aws.localaws.dispatch.Dispatch;
import dev.feast.aws.localaws.dispatch.Route;
import dev.feast.aws.localaws.dynamodb.DynamoDbService;
import dev.feast.aws.localaws.ecr.Ecr;
import dev.feast.aws.localaws.http.HttpServer;
import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.iam.Identities;
import dev.feast.aws.localaws.lambda.FunctionLauncher;
import dev.feast.aws.localaws.lambda.Lambda;
import dev.feast.aws.localaws.lambda.LambdaLimits;
import dev.feast.aws.localaws.lambda.process.ProcessLauncher;
import dev.feast.aws.localaws.limits.CallLimits;
import dev.feast.aws.localaws.limits.CallRates;
import dev.feast.aws.localaws.logs.Logs;
import dev.feast.aws.localaws.s3.S3Service;
import dev.feast.aws.localaws.spi.Installation;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.sts.IssuedKeys;
import dev.feast.aws.localaws.sts.StsService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** AWS on one port of 127.0.0.1, until it is closed. */
public final class LocalAws implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalAws.class);

  private final HttpServer server;
  private final List<Route> routes;
  private final Calls calls;
  private final Faults faults;
  private final DynamoDbService dynamoDb;
  private final SeedData seedData;
  private final DataFolder folder;

  private LocalAws(
      HttpServer server,
      List<Route> routes,
      Calls calls,
      Faults faults,
      DynamoDbService dynamoDb,
      SeedData seedData,
      DataFolder folder) {
    this.server = server;
    this.routes = routes;
    this.calls = calls;
    this.faults = faults;
    this.dynamoDb = dynamoDb;
    this.seedData = seedData;
    this.folder = folder;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** One line for each service; the first that matches has the request. */
  private static List<Route> routes(
      Installation installation,
      S3Service s3,
      DynamoDbService dynamoDb,
      Ecr ecr,
      Logs logs,
      Lambda lambda,
      Duration deployTime) {
    ApiGateway apiGateway =
        ApiGateway.start(installation, lambda.invoker(), logs.groups(), deployTime);
    var sts = new StsService(installation.keys(), installation.iam());
    return List.of(
        Route.prefix("/_apis/", apiGateway.endpoints()),
        Route.scope(apiGateway.control()),
        Route.scope(logs.api()),
        Route.scope(ecr.api()),
        Route.unsigned(request -> request.rawPath().startsWith("/v2/"), ecr.registry()),
        Route.scope(lambda.api()),
        Route.scope(dynamoDb),
        Route.unsigned(LocalAws::isForDynamoDb, dynamoDb),
        Route.scope(sts),
        Route.unsigned(StsService::isForm, sts),
        Route.scope(s3),
        Route.unsigned(request -> true, s3));
  }

  private static boolean isForDynamoDb(Request request) {
    return request.header("X-Amz-Target").orElse("").startsWith("DynamoDB");
  }

  /**
   * Puts buckets, objects, tables and items in, from {@code s3/<bucket>/<key…>}, {@code
   * buckets.json} and {@code dynamodb/<region>.json} in that folder; see local-aws' documentation.
   *
   * @throws IOException naming the file that cannot be loaded
   */
  public void load(Path folder) throws IOException {
    seedData.load(folder);
  }

  /** Starts what would otherwise start at its first call: DynamoDB Local. */
  void warmUp() throws IOException {
    dynamoDb.start();
  }

  /** {@code http://127.0.0.1:<port>}, what AWS_ENDPOINT_URL is to be. */
  public URI endpoint() {
    return server.uri();
  }

  /** The calls that it got. */
  public Calls calls() {
    return calls;
  }

  /** What is to go wrong with calls to come. */
  public Faults faults() {
    return faults;
  }

  /** Stops serving, ends what runs, and removes the data folder when none was named. */
  @Override
  public void close() {
    server.close();
    closeServices(routes);
    try {
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeServices(List<Route> routes) {
    for (Service service : new LinkedHashSet<>(routes.stream().map(Route::service).toList())) {
      if (service instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          LOG.warn("{} did not close", service.name(), e);
        }
      }
    }
  }

  /** How an instance is to be. */
  public static final class Builder {
    private int port;
    private @Nullable Path dataDir;
    private Clock clock = Clock.systemUTC();
    private final List<Path> seeds = new ArrayList<>();
    private FunctionLauncher.Source functions = ProcessLauncher::create;
    private LambdaLimits lambdaLimits = LambdaLimits.DEFAULT;
    private Duration deployTime = Duration.ZERO;
    private CallRates callRates = CallRates.NONE;
    private Iam iam = Iam.open();

    private Builder() {}

    /** 0, the default, takes a free one. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Where it keeps what outlives it; created where it is not there. Without one it takes a
     * temporary folder and removes it when it is closed.
     */
    public Builder dataDir(Path dataDir) {
      this.dataDir = dataDir;
      return this;
    }

    /** What it is to hold when it starts; see {@link LocalAws#load}. */
    public Builder load(Path folder) {
      seeds.add(folder);
      return this;
    }

    /**
     * How Lambda functions are run; by default as processes, from their images. {@link
     * FunctionLauncher#inProcess} answers for all of them in this JVM.
     */
    public Builder functions(FunctionLauncher launcher) {
      return functions((repositories, installation) -> launcher);
    }

    /** How Lambda functions are run, by what needs their images. */
    public Builder functions(FunctionLauncher.Source launcher) {
      this.functions = launcher;
      return this;
    }

    /** How many Lambda functions run at once, and how long their states last. */
    public Builder lambdaLimits(LambdaLimits limits) {
      this.lambdaLimits = limits;
      return this;
    }

    /**
     * How long it takes until callers of an API meet what was changed of it; by default they do
     * when the call is answered.
     */
    public Builder deployTime(Duration time) {
      this.deployTime = time;
      return this;
    }

    /**
     * How often each account may make which calls in each region; by default as often as it likes.
     */
    public Builder callRates(CallRates rates) {
      this.callRates = rates;
      return this;
    }

    /**
     * Enforces IAM: roles may do what their policies allow. Without, nobody is refused anything
     * that is signed, and every role may be assumed.
     */
    public Builder iam(Identities identities) {
      this.iam = Iam.enforcing(identities);
      return this;
    }

    /** What time it is for signatures, keys that expire, and timestamps. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Starts it; it serves when this returns.
     *
     * @throws java.net.BindException when the port is taken
     * @throws IOException when the data folder cannot be written or is another instance's, or what
     *     is to be loaded cannot be
     */
    public LocalAws start() throws IOException {
      DataFolder folder = dataDir == null ? DataFolder.temporary() : DataFolder.take(dataDir);
      try {
        return start(folder);
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    }

    private LocalAws start(DataFolder folder) throws IOException {
      var keys = new IssuedKeys(clock);
      iam.identities().stream()
          .flatMap(identities -> identities.accessKeys().stream())
          .forEach(key -> keys.add(key.accessKeyId(), key.secretAccessKey(), key.role()));
      var calls = new Calls();
      var faults = new Faults();
      var endpoint = new CompletableFuture<URI>();
      var installation = new Installation(folder.path(), endpoint::join, keys, iam, clock);
      S3Service s3 = S3Service.open(installation.folder("s3"), iam, clock);
      var dynamoDb = new DynamoDbService(installation.folder("dynamodb"), faults::hitUnprocessed);
      Ecr ecr = Ecr.start(installation);
      FunctionLauncher launcher = functions.open(ecr.repositories(), installation);
      Logs logs = Logs.start(installation);
      Lambda lambda =
          Lambda.start(
              installation,
              ecr.repositories(),
              launcher,
              lambdaLimits,
              logs.groups(),
              () -> faults.hitWithin("lambda", "ListTags"),
              () -> faults.hitWithin("kms", "Decrypt"));
      List<Route> routes = routes(installation, s3, dynamoDb, ecr, logs, lambda, deployTime);
      var dispatch =
          new Dispatch(routes, keys, iam, calls, faults, new CallLimits(callRates, clock), clock);
      var control = new Control(calls, faults, lambda.logs(), iam);
      HttpServer server;
      try {
        server =
            HttpServer.start(
                port,
                request ->
                    request.rawPath().startsWith(Control.PREFIX)
                        ? control.handle(request)
                        : dispatch.handle(request));
      } catch (IOException e) {
        closeServices(routes);
        throw e;
      }
      endpoint.complete(server.uri());
      var aws =
          new LocalAws(server, routes, calls, faults, dynamoDb, new SeedData(s3, dynamoDb), folder);
      try {
        for (Path seed : seeds) {
          aws.load(seed);
        }
        return aws;
      } catch (IOException | RuntimeException e) {
        aws.close();
        throw e;
      }
    }
  }
}
