package dev.feast.aws.runtime;

import dev.feast.aws.runtime.config.ConfigException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code serve}; read by hand, because a library for it would cost Lambda's
 * start more than it saves here.
 *
 * @param featureStoreYaml null to look elsewhere
 */
record ServeOptions(String host, int port, @Nullable Path featureStoreYaml) {

  /** The port of Feast's own feature server. */
  private static final int DEFAULT_PORT = 6566;

  /**
   * @param args the whole command line, with {@code serve} as the first
   */
  static ServeOptions parse(String[] args) throws ConfigException {
    String host = "127.0.0.1";
    int port = DEFAULT_PORT;
    Path yaml = null;
    for (int i = 1; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new ConfigException(args[i] + " needs a value, or is not an option; see --help");
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--host" -> host = value;
        case "--port" -> port = port(value);
        case "--feature-store-yaml" -> yaml = Path.of(value);
        default -> throw new ConfigException(args[i] + " is not an option of serve; see --help");
      }
    }
    return new ServeOptions(host, port, yaml);
  }

  private static int port(String text) throws ConfigException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new ConfigException("--port is " + text + "; 0 (any free one) to 65535 will do");
  }
}
