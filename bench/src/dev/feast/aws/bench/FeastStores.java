package dev.feast.aws.bench;

import dev.feast.aws.localaws.LocalAws;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The stores that each Feast has written, in one local-aws (with its DynamoDB Local) in this
 * process.
 */
final class FeastStores implements AutoCloseable {
  private static final String REGION = "us-west-2";

  /** Of one Feast, writing 5,000 rows. */
  private static final long WRITING_SECONDS = 240;

  private final LocalAws aws;
  private final Path repository;
  private final Path work;

  private FeastStores(LocalAws aws, Path repository, Path work) {
    this.aws = aws;
    this.repository = repository;
    this.work = work;
  }

  /**
   * Starts local-aws with nothing in it but a bucket for registries.
   *
   * @param repository the project's folder
   */
  static FeastStores open(Path repository, Path work) throws IOException {
    Path seed = work.resolve("seed");
    Files.createDirectories(seed.resolve("s3/bench-registries"));
    Files.writeString(
        seed.resolve("buckets.json"), "{\"bench-registries\":\"%s\"}".formatted(REGION));
    LocalAws aws = LocalAws.builder().dataDir(work.resolve("aws")).load(seed).start();
    return new FeastStores(aws, repository, work);
  }

  /** Lets Feast apply and materialize; that is what it and ours then serve. */
  void write(String store, Path python) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(work.resolve(store));
    Files.copy(yaml(store), folder.resolve("feature_store.yaml"));
    List<String> command = new ArrayList<>();
    command.add(python.toString());
    command.addAll(launcher(store));
    command.add(launcher(store).isEmpty() ? bench().resolve("write.py").toString() : "write");
    Path log = work.resolve("write-" + store + ".log");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment(store));
    Process process = builder.start();
    if (!process.waitFor(WRITING_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    if (process.waitFor() != 0) {
      throw new IOException(store + " did not write its store:\n" + Files.readString(log));
    }
  }

  /** What runs a module in Feast 0.14.1's process: it needs two things of 2021 in their place. */
  List<String> launcher(String store) {
    return store.equals("feast-0.14")
        ? List.of(repository.resolve("e2e/feast/launchers/feast_0_14.py").toString())
        : List.of();
  }

  /** The folder with what runs inside the Feasts. */
  Path bench() {
    return repository.resolve("bench/feast");
  }

  /** As Lambda and the operator set it, and what keeps Python from the user's own settings. */
  Map<String, String> environment(String store) throws IOException {
    var environment = new LinkedHashMap<String, String>();
    environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
    environment.put("AWS_ACCESS_KEY_ID", "bench");
    environment.put("AWS_SECRET_ACCESS_KEY", "bench");
    environment.put("AWS_SESSION_TOKEN", "bench");
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_DEFAULT_REGION", REGION);
    environment.put("AWS_LAMBDA_FUNCTION_NAME", "feast-bench");
    environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769");
    // A JVM sizes its heap by its machine, and a function's machine has no more than its memory.
    environment.put("JAVA_TOOL_OPTIONS", "-XX:MaxRAM=1769m");
    environment.put(
        "FEATURE_STORE_YAML_BASE64",
        Base64.getEncoder()
            .encodeToString(Files.readString(yaml(store)).getBytes(StandardCharsets.UTF_8)));
    environment.put("AWS_CONFIG_FILE", "/dev/null");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", work.toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    environment.put("PYTHONPATH", bench().toString());
    // Feast 0.14 reports its use over the network unless it is told not to.
    environment.put("FEAST_USAGE", "False");
    return environment;
  }

  @Override
  public void close() {
    aws.close();
  }

  private Path yaml(String store) {
    return bench().resolve(store).resolve("feature_store.yaml");
  }
}
