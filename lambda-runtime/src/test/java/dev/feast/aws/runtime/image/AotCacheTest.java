package dev.feast.aws.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {
  private final Path folder;
  private final AtomicInteger made = new AtomicInteger();

  AotCacheTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void sameInputsGiveTheCacheThatWasMadeFirst() throws Exception {
    assertThat(provide("a")).isEqualTo("cache 1");
    assertThat(provide("a")).isEqualTo("cache 1");
    assertThat(provide("b")).isEqualTo("cache 2");
    assertThat(provide("a")).isEqualTo("cache 1");
  }

  @Test
  void keepsNothingOfARunThatFailed() throws Exception {
    var caches = new AotCache(folder.resolve("kept"));

    assertThatThrownBy(
            () ->
                caches.provide(
                    "a",
                    folder.resolve("target"),
                    file -> {
                      Files.writeString(file, "half");
                      throw new IOException("no");
                    }))
        .hasMessage("no");

    assertThat(provide("a")).isEqualTo("cache 1");
  }

  @Test
  void forgetsTheOneThatWasNotUsedForLongest() throws Exception {
    for (int i = 0; i < 6; i++) {
      provide("input" + i);
      Files.setLastModifiedTime(
          folder.resolve("kept/input" + i + ".aot"), FileTime.from(Instant.EPOCH.plusSeconds(i)));
    }

    provide("another");

    assertThat(folder.resolve("kept/input0.aot")).doesNotExist();
    assertThat(folder.resolve("kept/input1.aot")).exists();
    assertThat(folder.resolve("kept/another.aot")).exists();
  }

  private String provide(String inputs) throws IOException, InterruptedException {
    Path target = folder.resolve("target");
    new AotCache(folder.resolve("kept"))
        .provide(
            inputs, target, file -> Files.writeString(file, "cache " + made.incrementAndGet()));
    return Files.readString(target);
  }
}
