package dev.feast.aws.operator.config;

import ch.qos.logback.classic.Level;
import dev.feast.aws.operator.policy.TenantPolicy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from text and collects what is wrong with them; a wrong one has some harmless
 * value.
 */
final class SettingChecks {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** A DNS subdomain, as most objects of Kubernetes are named. */
  private static final Pattern OBJECT =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final int LONGEST_NAME = 253;

  /** It becomes a tag's value and must not be mistaken for another cluster's. */
  private static final Pattern CLUSTER_ID =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/=+@-]{0,127}");

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Duration SHORTEST_RESYNC = Duration.ofSeconds(10);
  private static final int LAST_PORT = 65_535;
  private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");

  private final Path programs;
  private final List<String> mistakes = new ArrayList<>();

  /**
   * @param programs where the build puts the operator's jar, and the runtime's image beside it
   */
  SettingChecks(Path programs) {
    this.programs = programs;
  }

  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  Set<String> namespaces(String flag, String text) {
    var namespaces = new TreeSet<String>();
    for (String name : text.split(",", -1)) {
      if (!name.isBlank()) {
        namespaces.add(namespace(flag, name.strip()));
      }
    }
    return Set.copyOf(namespaces);
  }

  String namespace(String flag, String name) {
    if (!NAMESPACE.matcher(name).matches()) {
      mistakes.add("%s: \"%s\" is no name of a namespace".formatted(flag, name));
    }
    return name;
  }

  String leaseName(String flag, String name) {
    if (name.length() > LONGEST_NAME || !OBJECT.matcher(name).matches()) {
      mistakes.add("%s: \"%s\" is no name of a Lease".formatted(flag, name));
    }
    return name;
  }

  @Nullable String clusterId(String flag, String text) {
    if (text.isBlank()) {
      return null;
    }
    if (!CLUSTER_ID.matcher(text).matches()) {
      mistakes.add(
          "%s: \"%s\" has to be up to 128 letters, digits and ._:/=+@-".formatted(flag, text));
    }
    return text;
  }

  Path imageLayout(String flag, String text) {
    Path folder = text.isBlank() ? programs.resolve("runtime-image") : Path.of(text);
    if (!Files.isRegularFile(folder.resolve("index.json"))) {
      mistakes.add("%s: %s is no OCI layout, it has no index.json".formatted(flag, folder));
    }
    return folder;
  }

  Duration duration(String flag, String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      mistakes.add("%s: \"%s\" is no duration such as 30s, 10m or 1h".formatted(flag, text));
      return SHORTEST_RESYNC;
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        };
    if (duration.compareTo(SHORTEST_RESYNC) < 0) {
      mistakes.add("%s: %s is too often; at least 10s".formatted(flag, text));
    }
    return duration;
  }

  boolean bool(String flag, String text) {
    String value = text.strip().toLowerCase(Locale.ROOT);
    if (!value.equals("true") && !value.equals("false")) {
      mistakes.add("%s: \"%s\" is neither true nor false".formatted(flag, text));
    }
    return value.equals("true");
  }

  int port(String flag, String text) {
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 0 && port <= LAST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below, as numbers out of range are.
    }
    mistakes.add("%s: \"%s\" is no port, 0 to %d".formatted(flag, text, LAST_PORT));
    return 0;
  }

  /** Null where neither is given. */
  @Nullable WebhookSettings webhook(
      String portFlag, String port, String folderFlag, String folder) {
    if (port.isBlank() && folder.isBlank()) {
      return null;
    }
    if (folder.isBlank() || !Files.isDirectory(Path.of(folder))) {
      mistakes.add(
          "%s: \"%s\" is no folder; the webhook needs one with tls.crt and tls.key"
              .formatted(folderFlag, folder));
    }
    return new WebhookSettings(port(portFlag, port), Path.of(folder));
  }

  Level level(String flag, String text) {
    String level = text.strip().toLowerCase(Locale.ROOT);
    if (!LEVELS.contains(level)) {
      mistakes.add("%s: \"%s\" is not error, warn, info, debug or trace".formatted(flag, text));
    }
    return Level.toLevel(level, Level.INFO);
  }

  double rate(String flag, String text) {
    try {
      double rate = Double.parseDouble(text.strip());
      if (rate > 0 && Double.isFinite(rate)) {
        return rate;
      }
    } catch (NumberFormatException e) {
      // Told below, as numbers out of range are.
    }
    mistakes.add("%s: \"%s\" is no number of calls above 0".formatted(flag, text));
    return 1;
  }

  TenantPolicy policy(String flag, String text) {
    return text.isBlank()
        ? TenantPolicy.DEFAULT
        : new PolicyFile(mistake -> mistakes.add("%s: %s: %s".formatted(flag, text, mistake)))
            .read(Path.of(text));
  }

  String identity(String text) {
    if (!text.isBlank()) {
      return text;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "operator-" + ProcessHandle.current().pid();
    }
  }
}
