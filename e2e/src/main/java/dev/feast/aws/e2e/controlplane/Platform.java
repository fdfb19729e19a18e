package dev.feast.aws.e2e.controlplane;

import java.util.Locale;

/** An operating system and processor by Go's names, which kube-api-test's folders also use. */
record Platform(String os, String arch) {
  static Platform current() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return new Platform(
        os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : os,
        switch (arch) {
          case "x86_64", "amd64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          default -> arch;
        });
  }

  @Override
  public String toString() {
    return os + "-" + arch;
  }
}
