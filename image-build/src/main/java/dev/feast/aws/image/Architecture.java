package dev.feast.aws.image;

/** An architecture that Lambda has, under its two names. */
public enum Architecture {
  X86_64("amd64", "x86_64-linux-gnu"),
  ARM64("arm64", "aarch64-linux-gnu");

  private final String oci;
  private final String triplet;

  Architecture(String oci, String triplet) {
    this.oci = oci;
    this.triplet = triplet;
  }

  /** As Go, and so OCI, names it. */
  public String oci() {
    return oci;
  }

  /** As Debian's library folders name it. */
  String triplet() {
    return triplet;
  }

  /**
   * The one that this build runs on, and so builds for: the JRE and the C library are this
   * machine's.
   */
  public static Architecture ofThisMachine() {
    String name = System.getProperty("os.arch");
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      throw new IllegalStateException(
          "Images are linked from this machine's Java and C library, so they are built on"
              + " Linux, not "
              + system);
    }
    return switch (name) {
      case "amd64" -> X86_64;
      case "aarch64" -> ARM64;
      default ->
          throw new IllegalStateException(
              "Lambda runs on amd64 and aarch64, this machine is " + name);
    };
  }
}
