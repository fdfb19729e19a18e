package dev.feast.aws.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.image.FileTree;
import dev.feast.aws.image.ImageLayout;
import dev.feast.aws.image.UnpackedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image's entrypoint and the bundle's launcher, started over the feature store of Feast's
 * documentation.
 */
class RuntimeStartIT {
  private static final Duration ANSWER = Duration.ofMinutes(1);
  private static final String DOCUMENTED_VALUE = "0.025330161675810814";

  private static Path folder;
  private static DocumentedStore store;
  private static ImageLayout layout;
  private static UnpackedImage image;

  @BeforeAll
  static void start(@TempDir Path temporary) throws IOException, InterruptedException {
    folder = temporary;
    store = DocumentedStore.open(folder.resolve("aws"));
    layout = ImageLayout.open(Path.of("target/image"));
    image = UnpackedImage.of(layout, folder.resolve("root"));
    image.addDevices();
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @Test
  void imageAnswersLookupsInItsOwnRoot() throws Exception {
    assertThat(answerOf(layout.entrypoint())).contains(DOCUMENTED_VALUE);
  }

  @Test
  void imageStartsOnlyBecauseItsAotCacheFits() throws Exception {
    // "on" refuses to start without the cache, where the image's own "auto" would go on without.
    List<String> entrypoint = new ArrayList<>(layout.entrypoint());
    assertThat(entrypoint).contains("-XX:AOTMode=auto");
    entrypoint.replaceAll(part -> part.equals("-XX:AOTMode=auto") ? "-XX:AOTMode=on" : part);

    assertThat(answerOf(entrypoint)).contains(DOCUMENTED_VALUE);
  }

  @Test
  void imageStartsWithoutAnAotCacheThatFits() throws Exception {
    List<String> entrypoint = new ArrayList<>(layout.entrypoint());
    entrypoint.replaceAll(
        part -> part.startsWith("-XX:AOTCache=") ? "-XX:AOTCache=not-there.aot" : part);

    assertThat(answerOf(entrypoint)).contains(DOCUMENTED_VALUE);
  }

  @Test
  void bundleServesAfterItWasMovedAndThroughALink() throws Exception {
    Path moved = folder.resolve("moved to a folder with blanks");
    copyWithTimes(Path.of("target/bundle"), moved);
    Path link =
        Files.createSymbolicLink(
            Files.createDirectories(folder.resolve("bin")).resolve("feature-server"),
            Path.of("..").resolve(moved.getFileName()).resolve("bootstrap"));
    var builder =
        new ProcessBuilder(link.toString(), "serve", "--port", "0")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(store.environment());
    Process process = builder.start();
    try {
      URI server = URI.create(readyAddress(process));
      assertThat(get(server.resolve("/health"))).contains("\"loaded\"");
      assertThat(post(server.resolve("/get-online-features"), store.requestBody()))
          .contains(DOCUMENTED_VALUE);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void bundleFindsItsAotCacheAfterItWasMoved() throws Exception {
    Path moved = folder.resolve("moved again");
    copyWithTimes(Path.of("target/bundle"), moved);
    Path launcher = moved.resolve("bootstrap");
    Files.writeString(
        launcher, Files.readString(launcher).replace("-XX:AOTMode=auto", "-XX:AOTMode=on"));

    assertThat(output(launcher.toString(), "--help")).contains("serve");
  }

  private static String answerOf(List<String> entrypoint) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "function", ".log");
    try (FunctionHost host = FunctionHost.open()) {
      ProcessBuilder builder = image.process(entrypoint, store.environment());
      builder.environment().put("AWS_LAMBDA_RUNTIME_API", host.address());
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      var unused = process.onExit().thenRun(host::processEnded);
      try {
        return new String(host.call(store.event(), ANSWER), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new IOException(e.getMessage() + "\n" + Files.readString(log), e);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static String readyAddress(Process process) throws IOException {
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var lines = new ArrayList<String>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.contains("ready on http://")) {
        return line.substring(line.indexOf("http://"));
      }
    }
    throw new IOException("never ready:\n" + String.join("\n", lines));
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri));
  }

  private static String post(URI uri, String body) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response.body();
    }
  }

  /** As {@code mv} between file systems, {@code cp -a} or an archive would. */
  private static void copyWithTimes(Path from, Path to) throws IOException {
    for (Path file : FileTree.files(from)) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
