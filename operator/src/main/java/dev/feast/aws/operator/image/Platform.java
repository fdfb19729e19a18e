package dev.feast.aws.operator.image;

/**
 * What a function runs on; Lambda has Linux only.
 *
 * @param architecture in the words of OCI and Go: amd64 (Lambda's x86_64) or arm64
 */
public record Platform(String os, String architecture) {
  public static final Platform AMD64 = new Platform("linux", "amd64");
  public static final Platform ARM64 = new Platform("linux", "arm64");

  @Override
  public String toString() {
    return os + "/" + architecture;
  }
}
