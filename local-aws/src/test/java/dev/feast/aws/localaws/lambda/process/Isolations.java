package dev.feast.aws.localaws.lambda.process;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The ways of keeping a function apart, by name. */
final class Isolations {
  private Isolations() {}

  static Isolation named(String name) {
    Optional<Isolation.Tools> tools = Isolation.Tools.find();
    return switch (name) {
      case "best" -> Isolation.best();
      case "namespaces" -> Isolation.namespaces(tools.orElseThrow(), false);
      case "user-namespace" -> Isolation.namespaces(tools.orElseThrow(), true);
      case "chroot" -> new Isolation.Chroot(tools.orElseThrow());
      case "prefix" -> new Isolation.Prefix(tools);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The best that works here, or what {@code -Dlocal-aws.isolation} names, to try the others. */
  static Isolation here() {
    return named(System.getProperty("local-aws.isolation", "best"));
  }

  /** The names of those that work here. */
  static Stream<Arguments> available() {
    return Stream.of("namespaces", "user-namespace", "chroot", "prefix")
        .filter(name -> named(name).works())
        .map(Arguments::of);
  }
}
