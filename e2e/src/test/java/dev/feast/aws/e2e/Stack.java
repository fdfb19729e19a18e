package dev.feast.aws.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.e2e.controlplane.ControlPlane;
import dev.feast.aws.e2e.controlplane.ProgramProvider;
import dev.feast.aws.e2e.controlplane.Programs;
import dev.feast.aws.e2e.process.CacheFolder;
import dev.feast.aws.e2e.process.ChildProcess;
import dev.feast.aws.e2e.process.Run;
import dev.feast.aws.e2e.process.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Control plane, local-aws, chart and operator, started once for all test classes and ended after
 * the last one.
 */
final class Stack implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Repository repository;
  private final Run run;
  private final ControlPlane controlPlane;
  private final AuditLog audit;
  private final URI aws;
  private final ChartRelease release;
  private final OperatorImage image;
  private final HttpClient http = HttpClient.newHttpClient();
  private ChildProcess operator;

  private Stack(
      Repository repository,
      Run run,
      ControlPlane controlPlane,
      AuditLog audit,
      URI aws,
      ChartRelease release)
      throws IOException, InterruptedException {
    this.repository = repository;
    this.run = run;
    this.controlPlane = controlPlane;
    this.audit = audit;
    this.aws = aws;
    this.release = release;
    this.image = OperatorImage.unpack(repository, run.folder().resolve("operator-root"));
    this.operator = started();
  }

  /** Under one name, so that it need not wait for the Lease of one that was killed. */
  private ChildProcess started() throws IOException, InterruptedException {
    return image.start("operator-1", run, release, controlPlane, aws);
  }

  /** Installs the chart; what is given to it makes it another one. */
  interface Installation {
    ChartRelease install(ControlPlane controlPlane, Repository repository)
        throws IOException, InterruptedException;
  }

  static Stack start() throws IOException, InterruptedException {
    return start("e2e", ChartRelease::install);
  }

  /**
   * Starts one of its own for tests of the whole cluster.
   *
   * @param name of its folder, unlike the others'
   */
  static Stack start(String name, Installation installation)
      throws IOException, InterruptedException {
    // Tests run in the folder of their module.
    Repository repository = new Repository(Path.of("..").toRealPath());
    CacheFolder cache = CacheFolder.of(System.getenv());
    Runs runs = new Runs(cache);
    runs.endOrphans(what -> System.out.println("ending " + what));
    Path folder =
        repository.root().resolve("e2e/target/" + name + "-" + ProcessHandle.current().pid());
    Run run = runs.begin(folder);
    try {
      Programs programs =
          new ProgramProvider(run, cache, System.getenv(), System.out::println).provide();
      LocalAwsServer localAws = LocalAwsServer.start(run, repository, seed(repository, folder));
      AuditLog audit = AuditLog.in(run.folder());
      ControlPlane controlPlane = ControlPlane.start(programs, run, audit.flags());
      ChartRelease release = installation.install(controlPlane, repository);
      return new Stack(repository, run, controlPlane, audit, localAws.awaitEndpoint(), release);
    } catch (IOException | InterruptedException | RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /**
   * The documented store in us-west-2, and in us-east-1 the same with driver 1001's conv_rate at
   * 0.125: a lookup shows which of the two a feature_store.yaml names.
   */
  private static Path seed(Repository repository, Path folder) throws IOException {
    Path from = repository.documentedExample().resolve("data");
    Path to = folder.resolve("seed");
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Files.copy(
            path,
            to.resolve(from.relativize(path).toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    String items = Files.readString(to.resolve("dynamodb/us-west-2.json"));
    Files.writeString(
        to.resolve("dynamodb/us-east-1.json"),
        items.replace(floatValue((float) 0.025330161675810814), floatValue(0.125f)));
    return to;
  }

  /** Feast's protobuf Value with a float, as base64. */
  private static String floatValue(float value) {
    byte[] message =
        ByteBuffer.allocate(5)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0x35)
            .putFloat(value)
            .array();
    return Base64.getEncoder().encodeToString(message);
  }

  Repository repository() {
    return repository;
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  /** What ServiceAccounts did at the API server. */
  AuditLog audit() {
    return audit;
  }

  URI aws() {
    return aws;
  }

  /** Makes a namespace and returns a view of it. */
  Namespace namespace(String name) throws IOException, InterruptedException {
    controlPlane.admin().output("create", "namespace", name);
    return new Namespace(name, this);
  }

  /** Kills the operator as a machine that fails would, and starts another. */
  void replaceOperator(InterruptedRunnable between) throws Exception {
    operator.kill();
    between.run();
    operator = started();
  }

  /**
   * Ends the operator as Kubernetes ends a Pod, and starts another.
   *
   * @return whether it ended by itself
   */
  boolean restartOperator() throws Exception {
    boolean byItself = endOperator();
    startOperator();
    return byItself;
  }

  /** Ends the operator as Kubernetes ends a Pod, and returns whether it ended by itself. */
  boolean endOperator() throws IOException, InterruptedException {
    return operator.end();
  }

  /** Starts an operator as the installed chart says. */
  void startOperator() throws IOException, InterruptedException {
    operator = started();
  }

  /** What a kubelet starts an operator with, again and again while the API server is away. */
  List<String> operatorCommand() throws IOException, InterruptedException {
    return image.command("operator-1", release, controlPlane, aws);
  }

  /** Starts one that need not get ready. */
  ChildProcess tryOperator(List<String> command) throws IOException {
    return image.begin(run, command);
  }

  /** Starts a second replica, which waits for the Lease. */
  ChildProcess standby() throws IOException, InterruptedException {
    return image.start("operator-2", run, release, controlPlane, aws);
  }

  /** Kills the operator as a machine that fails would; the standby is the operator from now on. */
  void killLeaderOf(ChildProcess standby) throws InterruptedException {
    operator.kill();
    operator = standby;
  }

  /** Whether the operator runs: one that loses its Lease ends. */
  boolean isOperatorAlive() {
    return operator.isAlive();
  }

  /** Has local-aws fail calls; JSON as its documentation has it. */
  void fault(String json) throws IOException, InterruptedException {
    HttpResponse<String> added =
        http.send(
            HttpRequest.newBuilder(aws.resolve("/_local/faults"))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (added.statusCode() != 200) {
      throw new IOException("HTTP " + added.statusCode() + ": " + added.body());
    }
  }

  void clearFaults() throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(aws.resolve("/_local/faults")).DELETE().build(),
        HttpResponse.BodyHandlers.discarding());
  }

  ChartRelease release() {
    return release;
  }

  /** What happens while no operator runs. */
  interface InterruptedRunnable {
    void run() throws Exception;
  }

  /** What all operators have logged that this stack has had. */
  String operatorLogs() throws IOException {
    return Files.readString(operator.log());
  }

  /** The calls that local-aws got since {@link #forgetCalls}, as "service operation". */
  List<String> calls(Predicate<JsonNode> which) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(aws.resolve("/_local/calls")).build(),
            HttpResponse.BodyHandlers.ofString());
    List<String> calls = new ArrayList<>();
    for (JsonNode call : JSON.readTree(response.body()).path("calls")) {
      if (which.test(call)) {
        calls.add(call.path("service").asText() + " " + call.path("operation").asText());
      }
    }
    return calls;
  }

  void forgetCalls() throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(aws.resolve("/_local/calls")).DELETE().build(),
        HttpResponse.BodyHandlers.discarding());
  }

  static boolean isMutating(JsonNode call) {
    return call.path("mutating").asBoolean();
  }

  /** Posts a request to a feature server and returns its answer, which must be 200. */
  JsonNode lookUp(String endpoint, JsonNode request) throws IOException, InterruptedException {
    HttpResponse<String> response = ask(endpoint, request);
    if (response.statusCode() != 200) {
      throw new IOException("HTTP " + response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  /**
   * Posts a request to a feature server.
   *
   * @param headers names and values in turn, beside Content-Type
   */
  HttpResponse<String> ask(String endpoint, JsonNode request, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(URI.create(endpoint + "/get-online-features"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request.toString()));
    if (headers.length > 0) {
      post.headers(headers);
    }
    return http.send(post.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** What a function wrote into its log. */
  String functionLog(String function) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(aws.resolve("/_local/logs/" + function)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** A file of the documented example, {@code {aws_account}} replaced. */
  String documented(String file) throws IOException {
    return Files.readString(repository.documentedExample().resolve(file))
        .replace("{aws_account}", LocalAwsServer.ACCOUNT);
  }

  /** The same FeatureServer: its function stays in us-west-2, and reads us-east-1's store. */
  String documentedWithTheOtherStore() throws IOException {
    return documented("featureserver.yaml")
            .replace(
                "online_store:\n      region: us-west-2", "online_store:\n      region: us-east-1")
        + "  aws: {region: us-west-2}\n";
  }

  /** Of the first driver in an answer to the documented lookup: it tells which store was read. */
  static double convRate(JsonNode answer) {
    return answer.at("/field_values/0/fields/driver_hourly_stats__conv_rate").asDouble();
  }

  JsonNode documentedJson(String file) throws IOException {
    return json(documented(file));
  }

  JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }

  Path logs() {
    return run.logs();
  }

  @Override
  public void close() {
    run.close();
  }

  /** Gives test classes the one stack, and names its logs when a test fails. */
  static final class Extension implements ParameterResolver, TestWatcher {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Stack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return stack(context);
    }

    private static Stack stack(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .getOrComputeIfAbsent(Stack.class, type -> startUnchecked(), Stack.class);
    }

    private static Stack startUnchecked() {
      try {
        return Stack.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
      System.err.println("The logs of all processes: " + stack(context).logs());
    }
  }
}
