package dev.feast.aws.localaws.lambda.process;

import dev.feast.aws.localaws.lambda.image.Layers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * An image whose runtime is a bash script: bash opens sockets by itself, is on every machine that
 * builds this project, and starts in milliseconds. Its layer holds the machine's own bash and sleep
 * with the libraries that ldd lists.
 */
final class BashImage {
  static final String CONFIG =
      """
      {"architecture":"amd64","os":"linux","config":{"Entrypoint":["/bin/bash"],"Cmd":["bootstrap"],\
      "WorkingDir":"/var/task","Env":["PATH=/bin","FROM_IMAGE=yes"]}}\
      """;

  private BashImage() {}

  static byte[] layer() throws IOException {
    Layers layer = Layers.layer();
    for (String program : new String[] {"/bin/bash", "/bin/sleep"}) {
      add(layer, program);
      libraries(program).forEach(library -> add(layer, library));
    }
    try (InputStream script = BashImage.class.getResourceAsStream("bootstrap")) {
      layer.file(
          "var/task/bootstrap", 0644, Objects.requireNonNull(script, "bootstrap").readAllBytes());
    }
    return layer.gzipped();
  }

  private static void add(Layers layer, String file) {
    try {
      layer.file(file.substring(1), 0755, Files.readAllBytes(Path.of(file).toRealPath()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static java.util.List<String> libraries(String program) throws IOException {
    Process ldd = new ProcessBuilder("ldd", program).start();
    String text = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Pattern.compile("(/\\S+) \\(0x")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .map(found -> found.substring(0, found.indexOf(' ')))
        .toList();
  }
}
