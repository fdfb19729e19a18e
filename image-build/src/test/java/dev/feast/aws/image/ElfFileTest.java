package dev.feast.aws.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @Test
  void programNamesItsLoaderAndItsLibraries() throws IOException {
    ElfFile java = ElfFile.read(JDK.resolve("bin/java"));

    assertThat(java.interpreter())
        .hasValueSatisfying(loader -> assertThat(loader).contains("ld-linux"));
    assertThat(java.needed()).contains("libjli.so", "libc.so.6");
  }

  @Test
  void libraryNamesNoLoader() throws IOException {
    ElfFile jvm = ElfFile.read(JDK.resolve("lib/server/libjvm.so"));

    assertThat(jvm.interpreter()).isEmpty();
    assertThat(jvm.needed()).contains("libc.so.6", "libm.so.6");
  }

  @Test
  void whatIsNoElfFileIsRefusedByName(@TempDir Path folder) throws IOException {
    Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n".repeat(20));

    assertThat(ElfFile.isElf(script)).isFalse();
    assertThatThrownBy(() -> ElfFile.read(script)).hasMessageContaining(script.toString());
  }

  @Test
  void libraryThatIsNowhereIsNamedWithWhatNeedsIt() {
    // libjvm.so is on none of the loader's paths: the image brings it, and here it is left out.
    Path javaLibrary = JDK.resolve("lib/libjava.so");

    assertThatThrownBy(
            () -> new SystemLibraries(Architecture.ofThisMachine()).neededBy(List.of(javaLibrary)))
        .hasMessageContaining("libjava.so needs the library libjvm.so")
        .hasMessageContaining("glibc");
  }
}
