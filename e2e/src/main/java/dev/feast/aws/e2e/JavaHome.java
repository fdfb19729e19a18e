package dev.feast.aws.e2e;

/** Prints where the JDK lies that runs this: the build asks the one that its toolchain found. */
final class JavaHome {
  private JavaHome() {}

  public static void main(String[] arguments) {
    System.out.println(System.getProperty("java.home"));
  }
}
