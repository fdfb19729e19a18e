package dev.feast.aws.operator.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The site that docs/build makes. */
class SiteTest {
  private static final Path REPOSITORY = Path.of("..");

  @Test
  void hasEveryPageInItsNavigation() throws IOException {
    String settings = Files.readString(REPOSITORY.resolve("mkdocs.yml"));
    assertThat(pages()).isNotEmpty().allSatisfy(page -> assertThat(settings).contains(": " + page));
  }

  private static List<String> pages() throws IOException {
    try (Stream<Path> files = Files.list(REPOSITORY.resolve("docs"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".md"))
          .toList();
    }
  }
}
