package dev.feast.aws.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @Test
  void belongsToOneAtATime(@TempDir Path path) throws IOException {
    try (DataFolder first = DataFolder.take(path)) {
      assertThatThrownBy(() -> DataFolder.take(first.path()))
          .hasMessage(
              "The data folder %s is in use by another local-aws, process %d",
              path, ProcessHandle.current().pid());
    }
    DataFolder.take(path).close();
    assertThat(path).exists();
  }

  @Test
  void isRemovedWhereItWasTemporary() throws IOException {
    DataFolder folder = DataFolder.temporary();
    Path image = Files.createDirectories(folder.path().resolve("lambda/image"));
    Files.writeString(image.resolve("a"), "a");
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("---------"));

    folder.close();

    assertThat(folder.path()).doesNotExist();
  }
}
