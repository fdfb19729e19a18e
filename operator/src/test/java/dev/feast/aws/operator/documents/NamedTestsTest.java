package dev.feast.aws.operator.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages say which test holds a rule: each that they name is there. */
class NamedTestsTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z][A-Za-z]+(?:Test|Properties))\\.([a-z][A-Za-z]+)`");

  @Test
  void areThere() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Path page : files(DOCS, ".md")) {
      NAMED
          .matcher(Files.readString(page))
          .results()
          .map(test -> test.group(1) + "." + test.group(2))
          .forEach(named::add);
    }
    Set<String> there = new TreeSet<>();
    for (Path test : files(TESTS, ".java")) {
      String name = test.getFileName().toString().replace(".java", "");
      Pattern.compile("^  (?:void|Stream<DynamicTest>) ([a-zA-Z]+)\\(", Pattern.MULTILINE)
          .matcher(Files.readString(test))
          .results()
          .map((MatchResult method) -> name + "." + method.group(1))
          .forEach(there::add);
    }

    assertThat(named).as("the pages name some").hasSizeGreaterThan(40);
    assertThat(there).containsAll(named);
  }

  private static Set<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(path -> path.toString().endsWith(ending)).collect(Collectors.toSet());
    }
  }
}
