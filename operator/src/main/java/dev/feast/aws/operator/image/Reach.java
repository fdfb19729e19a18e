package dev.feast.aws.operator.image;

import dev.feast.aws.operator.policy.ImageHosts;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where requests for an image may go: to its registry, and to wherever that sends them for tokens
 * and blobs. Whoever names a registry, or runs it, must not have the operator ask what only the
 * operator can reach.
 *
 * <p>Over https the one who answers has to prove the name that was asked for, which neither the
 * instance's metadata nor what speaks plain http inside a cluster can do. Addresses of this machine
 * and this network link are not asked at all. A host that the settings spell out is asked as it
 * comes.
 *
 * @param hosts null: anywhere, for it is the operator's own ECR that sends it
 */
public record Reach(@Nullable ImageHosts hosts) {
  public static final Reach ANYWHERE = new Reach(null);

  /** Refuses to ask there. */
  void check(URI uri) throws ImageException {
    String host = uri.getHost();
    if (hosts == null) {
      return;
    }
    if (host == null) {
      throw forbidden(uri, "it has no host");
    }
    if (hosts.name(host, uri.getPort() == -1 ? "" : Integer.toString(uri.getPort()))) {
      return;
    }
    if (!"https".equalsIgnoreCase(uri.getScheme())) {
      throw forbidden(uri, "it would not be asked over https");
    }
    try {
      // The JVM keeps these answers for 30 seconds, so that the connection is made to one of them.
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (ImageHosts.isOfThisMachine(address)) {
          throw forbidden(
              uri,
              "%s is an address of this machine or network link"
                  .formatted(address.getHostAddress()));
        }
      }
    } catch (UnknownHostException e) {
      // No address that could be asked; behind a proxy it is the proxy that knows.
    }
  }

  private ImageException forbidden(URI uri, String why) {
    return new ImageException(
        new ImageOutcome.Forbidden(
            uri.getAuthority() == null ? uri.toString() : uri.getAuthority(), why));
  }
}
