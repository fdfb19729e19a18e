package dev.feast.aws.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What real Feast wrote and answered, in src/test/resources/fixtures. */
public final class Fixtures {

  private Fixtures() {}

  /**
   * @param name such as {@code feast-0.67/registry.db}
   */
  public static byte[] bytes(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + name)) {
      return Objects.requireNonNull(in, () -> "no fixture " + name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }
}
