package dev.feast.aws.operator.image;

import dev.feast.aws.operator.validation.ImageReference;
import java.net.URI;
import java.util.Set;

/**
 * A repository in a registry, and with what to ask it.
 *
 * @param registry scheme, host and, if it is not the scheme's own, port
 * @param name path of the repository in the registry, without a leading slash
 * @param reach where it may send requests
 */
public record RemoteRepository(URI registry, String name, Credentials credentials, Reach reach) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /**
   * The repository of an image reference: over https, but plain http on the machine itself, as
   * Docker does.
   */
  public static RemoteRepository of(
      ImageReference reference, Credentials credentials, Reach reach) {
    String host =
        reference.registry().equals("docker.io") ? "registry-1.docker.io" : reference.registry();
    String name = host.replaceFirst(":[0-9]+$", "");
    return new RemoteRepository(
        URI.create((LOOPBACK.contains(name) ? "http://" : "https://") + host),
        reference.repository(),
        credentials,
        reach);
  }

  /**
   * A repository in ECR.
   *
   * @param proxyEndpoint of GetAuthorizationToken, http or https
   * @param repositoryUri of the repository, {@code host[:port]/name}
   * @param authorizationToken of GetAuthorizationToken
   */
  public static RemoteRepository inEcr(
      URI proxyEndpoint, String repositoryUri, String authorizationToken) {
    return new RemoteRepository(
        URI.create(proxyEndpoint.getScheme() + "://" + proxyEndpoint.getAuthority()),
        repositoryUri.substring(repositoryUri.indexOf('/') + 1),
        Credentials.Basic.ofEcr(authorizationToken),
        Reach.ANYWHERE);
  }

  URI path(String path) {
    return registry.resolve("/v2/" + name + "/" + path);
  }

  /** How the repository is called in messages. */
  @Override
  public String toString() {
    return registry.getAuthority() + "/" + name;
  }
}
