package dev.feast.aws.runtime.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.stream.Collectors;

/** The launcher that makes the runtime's files a program of their own: {@code bootstrap}. */
final class Bundle {
  private static final String TEMPLATE = "bootstrap.sh";

  private Bundle() {}

  static void writeLauncher(Path file, Launch launch) throws IOException {
    String arguments =
        launch.arguments("$app/").stream()
            .map(argument -> "\"" + argument + "\"")
            .collect(Collectors.joining(" \\\n  "));
    Files.writeString(file, template().replace("@ARGUMENTS@", arguments));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String template() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Bundle.class.getResourceAsStream(TEMPLATE), TEMPLATE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
