package dev.feast.aws.operator.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinksTest {
  private static final Path REPOSITORY = Path.of("..");

  private final Path folder;

  LinksTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void leadSomewhereInEveryDocument() throws IOException {
    var links = new Links(REPOSITORY);
    assertThat(links.documents())
        .extracting(Path::toString)
        .as("what is looked at")
        .anyMatch(document -> document.endsWith("README.md"))
        .anyMatch(document -> document.endsWith("operator.md"));
    assertThat(links.broken()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[a](gone.md)              | there is no such file",
        "![a](gone.svg)            | there is no such file",
        "<a href=\"gone.md\">      | there is no such file",
        "[a]: gone.md              | there is no such file",
        "[a](../outside.md)        | there is no such file",
        "[a](other.md#gone)        | no heading there makes this anchor",
        "[a](#gone)                | no heading there makes this anchor",
        "[`a`](gone.md)            | there is no such file",
        "[a](other.md#only-in-code)| no heading there makes this anchor",
      })
  void leadNowhere(String line, String wrong) throws IOException {
    write("a.md", "# A", "", line);
    write("other.md", "# Other", "```sh", "# Only in code", "```");
    assertThat(new Links(folder).broken())
        .singleElement()
        .asString()
        .startsWith("a.md:3: ")
        .endsWith(wrong);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a](other.md) and [b](other.md#other)",
        "[a](#it-says-a-b-twice)",
        "[a](#same-1)",
        "[a](https://example.com/gone)",
        "`[a](gone.md)`",
        "[a](sub)",
      })
  void leadSomewhere(String line) throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    write("a.md", "# It says: `a b`, twice", "## Same", "## Same", line);
    write("other.md", "# Other");
    assertThat(new Links(folder).broken()).isEmpty();
  }

  private void write(String name, String... lines) throws IOException {
    Files.write(folder.resolve(name), List.of(lines));
  }
}
