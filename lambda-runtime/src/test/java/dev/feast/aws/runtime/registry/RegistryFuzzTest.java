package dev.feast.aws.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.feast.aws.runtime.Fixtures;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a registry: it is one, or it is refused in words. */
class RegistryFuzzTest {

  static Stream<byte[]> recorded() {
    return Stream.of("documented", "feast-0.14", "feast-0.67")
        .map(fixture -> Fixtures.bytes(fixture + "/registry.db"));
  }

  @MethodSource("recorded")
  @FuzzTest(maxDuration = "5m")
  void readsOrRefuses(byte @Nullable [] bytes) {
    if (bytes == null) {
      return;
    }
    try {
      assertThat(new RegistryReader("dev", true).read(bytes).project()).isEqualTo("dev");
    } catch (RegistryException e) {
      assertThat(e.reason()).isIn("Corrupt", "ProjectNotFound");
    }
  }
}
