package dev.feast.aws.operator.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.operator.validation.Problem;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever sees a reason in a condition or an Event finds it in docs/troubleshooting.md, and no
 * reason there is one that nobody gives.
 */
class ReasonsTest {
  private static final Path PAGE = Path.of("../docs/troubleshooting.md");
  private static final Path SOURCES = Path.of("src/main/java/dev/feast/aws/operator");

  /** The packages that make conditions and Events. */
  private static final Set<String> MAKE_REASONS =
      Set.of("controller", "deploy", "status", "validation");

  /** Literals that look like a reason and are none; a new one is put here or into the page. */
  private static final Set<String> NO_REASONS =
      Set.of(
          // What an Event says was being done.
          "Adopt",
          "Delete",
          "Deploy",
          "Reconcile",
          "RepairDrift",
          // Kinds, and the ends of reasons that begin with them.
          "ConfigMap",
          "Secret",
          "KeyNotFound",
          "NotFound",
          // A header.
          "Accept");

  private static final Pattern LITERAL = Pattern.compile("\"([A-Z][a-z]+(?:[A-Z][a-z]+)*)\"");
  private static final Pattern FIRST_CELL = Pattern.compile("^\\| (`.*?) \\|", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  @ParameterizedTest
  @EnumSource(Problem.Reason.class)
  void haveEachMistakeInASpec(Problem.Reason reason) throws IOException {
    assertThat(inThePage()).contains(reason.name());
  }

  @Test
  void haveAllElseThatTheOperatorGives() throws IOException {
    Set<String> given = literals();
    given.removeAll(NO_REASONS);
    assertThat(given).contains("Serving", "ProbeFailed", "SeveralProblems", "DriftRepaired");
    assertThat(inThePage()).containsAll(given).containsAll(ofReferences());
  }

  @Test
  void haveNoneThatTheOperatorDoesNotGive() throws IOException {
    Set<String> page = inThePage();
    page.removeAll(literals());
    page.removeAll(ofReferences());
    for (Problem.Reason reason : Problem.Reason.values()) {
      page.remove(reason.name());
    }
    assertThat(page).isEmpty();
  }

  /** As {@code ReferenceReader} puts them together. */
  private static Set<String> ofReferences() {
    return Stream.of("ConfigMap", "Secret")
        .flatMap(kind -> Stream.of(kind + "NotFound", kind + "KeyNotFound"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those in the first column of its tables. */
  private static Set<String> inThePage() throws IOException {
    return FIRST_CELL
        .matcher(Files.readString(PAGE))
        .results()
        .flatMap(cell -> CODE.matcher(cell.group(1)).results())
        .map(reason -> reason.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> literals() throws IOException {
    var literals = new TreeSet<String>();
    for (String folder : MAKE_REASONS) {
      try (Stream<Path> files = Files.list(SOURCES.resolve(folder))) {
        for (Path file : files.toList()) {
          LITERAL
              .matcher(Files.readString(file))
              .results()
              .map((MatchResult literal) -> literal.group(1))
              .forEach(literals::add);
        }
      }
    }
    return literals;
  }
}
