package dev.feast.aws.operator.policy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * Registries that images may be copied from, as {@code host} or {@code host:port}, where {@code *}
 * in the host stands for any characters and a port of {@code *} for any port. Without a port it is
 * that of https.
 *
 * <p>An address of this machine or this network link (loopback, and the link-local one of the
 * instance's metadata with its credentials) is allowed only by a pattern that spells the host out.
 */
public record ImageHosts(List<String> patterns) {
  public static final ImageHosts PUBLIC = new ImageHosts(List.of("*"));
  public static final ImageHosts NONE = new ImageHosts(List.of());

  private static final String ANY = "*";

  public ImageHosts {
    patterns = List.copyOf(patterns);
  }

  /**
   * Whether an image's registry is allowed, as far as its name tells.
   *
   * @param registry {@code host} or {@code host:port}
   */
  public boolean allow(String registry) {
    Pattern asked = Pattern.of(registry);
    return name(asked.host(), asked.port())
        || (!isOfThisMachine(asked.host())
            && patterns.stream().anyMatch(pattern -> Pattern.of(pattern).fits(asked)));
  }

  /**
   * Whether a pattern spells the host out.
   *
   * @param port empty: the scheme's own
   */
  public boolean name(String host, String port) {
    return patterns.stream()
        .map(Pattern::of)
        .filter(pattern -> !pattern.host().contains(ANY))
        .anyMatch(pattern -> pattern.fits(new Pattern(host.toLowerCase(Locale.ROOT), port)));
  }

  /** Whether what answers there is on this machine or this network link. */
  public static boolean isOfThisMachine(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress()
        || isMetadata(address);
  }

  /** Where EC2 and EKS answer for metadata and credentials over IPv6: fd00:ec2::/32. */
  private static boolean isMetadata(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address
        && bytes[0] == (byte) 0xfd
        && bytes[1] == 0
        && bytes[2] == 0x0e
        && bytes[3] == (byte) 0xc2;
  }

  /** By the name alone, without asking anybody. */
  private static boolean isOfThisMachine(String host) {
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    try {
      return isOfThisMachine(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return false; // A name: what it leads to is looked at when it is asked.
    }
  }

  /** For messages. */
  @Override
  public String toString() {
    return patterns.isEmpty() ? "empty" : String.join(", ", patterns);
  }

  /**
   * A pattern, or a host to compare with it.
   *
   * @param port empty: the scheme's own
   */
  private record Pattern(String host, String port) {
    static Pattern of(String text) {
      int colon = text.lastIndexOf(':');
      String host = colon < 0 ? text : text.substring(0, colon);
      return new Pattern(host.toLowerCase(Locale.ROOT), colon < 0 ? "" : text.substring(colon + 1));
    }

    boolean fits(Pattern asked) {
      return Patterns.fits(host, asked.host()) && (port.equals(ANY) || port.equals(asked.port()));
    }
  }
}
