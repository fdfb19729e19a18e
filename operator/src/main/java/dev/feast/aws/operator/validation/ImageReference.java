package dev.feast.aws.operator.validation;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an image is: {@code registry/repository:tag}, {@code registry/repository@sha256:...} or
 * both, in the grammar of the OCI distribution specification. As Docker reads them, a first part
 * without dot, port or {@code localhost} is no registry but Docker Hub's repository, and no tag
 * means {@code latest}.
 *
 * @param registry host and, if given, port
 * @param repository path in the registry
 * @param version the digest where there is one, else the tag
 */
public record ImageReference(String registry, String repository, String version) {
  /** Docker Hub's name in references, and the host that answers for it. */
  private static final String DOCKER_HUB = "docker.io";

  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?<name>[^@:]+(?::[0-9]+/[^@:]+)?)(?::(?<tag>[\\w][\\w.-]{0,127}))?"
              + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?");
  private static final Pattern REPOSITORY =
      Pattern.compile(
          "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");

  private static final int HIGHEST_PORT = 65_535;

  /** The reference that the text is, or nothing where it is none. */
  public static Optional<ImageReference> parse(String text) {
    Matcher matcher = GRAMMAR.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String name = matcher.group("name");
    int slash = name.indexOf('/');
    boolean hasHost = slash > 0 && isHost(name.substring(0, slash));
    String registry = hasHost ? name.substring(0, slash) : DOCKER_HUB;
    String repository = hasHost ? name.substring(slash + 1) : name;
    if (registry.equals(DOCKER_HUB) && repository.indexOf('/') < 0) {
      repository = "library/" + repository;
    }
    if (!isAddress(registry) || !REPOSITORY.matcher(repository).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new ImageReference(
            registry, repository, version(matcher.group("digest"), matcher.group("tag"))));
  }

  private static String version(@Nullable String digest, @Nullable String tag) {
    if (digest != null) {
      return digest;
    }
    return tag == null ? "latest" : tag;
  }

  /**
   * Whether requests can be sent there: no empty label, no number as the last, a port that is one.
   */
  private static boolean isAddress(String registry) {
    if (!HOST.matcher(registry).matches()) {
      return false;
    }
    try {
      URI uri = new URI("https://" + registry);
      return uri.getHost() != null
          && (uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= HIGHEST_PORT));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isHost(String part) {
    return part.contains(".")
        || part.contains(":")
        || part.toLowerCase(Locale.ROOT).equals("localhost");
  }

  /** Whether it names one manifest for good, and not whatever a tag points to. */
  public boolean isByDigest() {
    return version.startsWith("sha256:");
  }

  @Override
  public String toString() {
    return registry + "/" + repository + (isByDigest() ? "@" : ":") + version;
  }
}
