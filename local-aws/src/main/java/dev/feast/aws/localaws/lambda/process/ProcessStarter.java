package dev.feast.aws.localaws.lambda.process;

import dev.feast.aws.localaws.files.FileTrees;
import dev.feast.aws.localaws.lambda.Initialization;
import dev.feast.aws.localaws.lambda.Launch;
import dev.feast.aws.localaws.lambda.image.ImageConfig;
import dev.feast.aws.localaws.lambda.image.UnpackedImage;
import dev.feast.aws.localaws.spi.Installation;
import dev.feast.aws.localaws.sts.SessionKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the processes of one execution environment: the image's program, with Lambda's
 * environment.
 */
final class ProcessStarter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessStarter.class);

  private static final Duration KEYS_VALID = Duration.ofHours(12);

  /**
   * "Every few hours" Lambda ends an environment, busy as it may be; its keys outlive it by far.
   */
  private static final Duration MAX_AGE = Duration.ofHours(6);

  private static final Map<String, String> GO_ARCHITECTURES =
      Map.of("x86_64", "amd64", "arm64", "arm64");

  private final Launch launch;
  private final UnpackedImage image;
  private final Isolation isolation;
  private final Installation installation;
  private final ExecutorService starterThread;
  private final Optional<Watchdog> watchdog;
  private final Path tmp;

  /**
   * @param starterThread one that lives as long as the processes: when the thread that started a
   *     process ends, the kernel takes that for the death of its parent
   */
  ProcessStarter(
      Launch launch,
      UnpackedImage image,
      Isolation isolation,
      Installation installation,
      ExecutorService starterThread,
      Optional<Watchdog> watchdog)
      throws IOException {
    this.launch = launch;
    this.image = image;
    this.isolation = isolation;
    this.installation = installation;
    this.starterThread = starterThread;
    this.watchdog = watchdog;
    Path folder = Files.createDirectories(installation.folder("lambda").resolve("tmp"));
    this.tmp = Files.createTempDirectory(folder, launch.function().name() + "-");
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** Why the program cannot be started, in Lambda's words; empty where it can. */
  Optional<String> problem() {
    String program = command().isEmpty() ? "" : command().getFirst();
    if (program.isEmpty()) {
      return Optional.of("fork/exec : no such file or directory");
    }
    Path file = image.root().resolve(program.replaceFirst("^/+", ""));
    if (!program.startsWith("/") || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of("fork/exec " + program + ": no such file or directory");
    }
    if (!Files.isExecutable(file)) {
      return Optional.of("fork/exec " + program + ": permission denied");
    }
    if (!image.config().architecture().equals(GO_ARCHITECTURES.get(launch.architecture()))) {
      return Optional.of("fork/exec " + program + ": exec format error");
    }
    return Optional.empty();
  }

  /** Whether the image may be put into a snapshot whose runtime does not ask for that. */
  boolean allowsSnapshot() {
    return image.config().allowsSnapshot();
  }

  /** Until when a process that is started now may be given invocations. */
  Instant usableUntil() {
    return installation.clock().instant().plus(MAX_AGE);
  }

  boolean isPast(Instant time) {
    return installation.clock().instant().isAfter(time);
  }

  FunctionProcess start(Consumer<String> log) throws IOException {
    Optional<KeyServer> keyServer =
        launch.initialization() == Initialization.SNAP_START
            ? Optional.of(new KeyServer(this::keys))
            : Optional.empty();
    var api = new RuntimeApi(keyServer);
    String directory =
        launch.overrides().workingDirectory().orElse(image.config().workingDirectory());
    Isolation.Command command =
        isolation.wrap(
            image.root(), tmp, directory, command(), environment(api.authority(), keyServer));
    var builder =
        new ProcessBuilder(command.arguments())
            .directory(command.directory().toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(command.environment());
    try {
      Process process = starterThread.submit(builder::start).get();
      watchdog.ifPresent(dog -> dog.watch(process));
      return new FunctionProcess(api, process, log);
    } catch (ExecutionException e) {
      api.close();
      throw new IOException("cannot be started", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      api.close();
      throw new IOException("stopped while it was started", e);
    }
  }

  private List<String> command() {
    ImageConfig config = image.config();
    var command =
        new ArrayList<String>(
            launch.overrides().entryPoint().isEmpty()
                ? config.entryPoint()
                : launch.overrides().entryPoint());
    command.addAll(
        launch.overrides().command().isEmpty() ? config.command() : launch.overrides().command());
    return command;
  }

  /** The image's variables, over them the function's, over them Lambda's own. */
  private Map<String, String> environment(String runtimeApi, Optional<KeyServer> keyServer) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin");
    environment.put("LANG", "en_US.UTF-8");
    environment.put("TZ", ":UTC");
    // Where the function finds the AWS that it is part of; its configuration may say otherwise.
    environment.put("AWS_ENDPOINT_URL", installation.endpoint().get().toString());
    environment.putAll(image.config().environment());
    environment.putAll(launch.environment());
    environment.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
    environment.put("AWS_LAMBDA_FUNCTION_NAME", launch.function().name());
    environment.put("AWS_LAMBDA_FUNCTION_VERSION", launch.version());
    environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(launch.memoryMiB()));
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", launch.initialization().text());
    environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + launch.function().name());
    environment.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream());
    environment.put("LAMBDA_TASK_ROOT", "/var/task");
    environment.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
    environment.put("AWS_REGION", launch.function().region());
    environment.put("AWS_DEFAULT_REGION", launch.function().region());
    if (keyServer.isPresent()) {
      environment.put(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://" + runtimeApi + KeyServer.PATH);
      environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", keyServer.get().token());
      return environment;
    }
    SessionKeys keys = keys();
    environment.put("AWS_ACCESS_KEY_ID", keys.accessKeyId());
    environment.put("AWS_SECRET_ACCESS_KEY", keys.secretAccessKey());
    environment.put("AWS_SESSION_TOKEN", keys.sessionToken());
    return environment;
  }

  private SessionKeys keys() {
    return installation.keys().issue(launch.role(), launch.function().name(), KEYS_VALID);
  }

  private String logStream() {
    return "%s/[%s]%s"
        .formatted(
            DateTimeFormatter.ofPattern("yyyy/MM/dd")
                .format(LocalDate.ofInstant(installation.clock().instant(), ZoneOffset.UTC)),
            launch.version(),
            UUID.randomUUID().toString().replace("-", ""));
  }

  @Override
  public void close() {
    try {
      FileTrees.delete(tmp);
    } catch (IOException e) {
      LOG.warn("{} was not deleted", tmp, e);
    }
  }
}
