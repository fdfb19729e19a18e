package dev.feast.aws.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.runtime.image.DocumentedStore;
import dev.feast.aws.runtime.image.GatewayEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures this runtime, the Feasts and the floor in one run, and writes tables and a chart. */
public final class Bench {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Options options;
  private final Programs programs;
  private final Path work;

  private Bench(Options options, Programs programs, Path work) {
    this.options = options;
    this.programs = programs;
    this.work = work;
  }

  /**
   * Measures, and prints or writes what it found.
   *
   * @param args those of {@link Options}
   */
  public static void main(String[] args) throws InterruptedException {
    try {
      measure(args);
      System.exit(0); // DynamoDB Local leaves threads behind
    } catch (IOException e) {
      say("bench: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void measure(String[] args) throws IOException, InterruptedException {
    Options options = Options.parse(List.of(args));
    Path target = options.repository().resolve("lambda-runtime/target");
    Path work =
        Files.createTempDirectory(Files.createDirectories(target.resolve("bench")), "run")
            .toAbsolutePath();
    say("logs are in " + work);
    new Bench(options, Programs.of(target, work), work).run();
  }

  private void run() throws IOException, InterruptedException {
    Machine machine = Machine.now();
    List<Measured> measured;
    List<Question> questions;
    String store;
    if (options.pythons().isEmpty()) {
      try (DocumentedStore documented = DocumentedStore.open(work.resolve("aws"))) {
        store = "the documented one: 3 rows, 3 features of 1 view";
        questions = List.of(documentedQuestion(documented));
        measured = measure(List.of(documentedSubject(documented)), questions);
      }
    } else {
      try (FeastStores stores = FeastStores.open(options.repository(), work)) {
        store = "written by each Feast: 1,000 drivers in each of 5 feature views";
        questions = DriverQuestions.all();
        measured = measure(subjects(stores), questions);
      }
    }
    var report = new Report(machine, programs, options, store, questions, measured);
    Path docs = options.docs();
    if (docs == null) {
      System.out.println(report.markdown());
      return;
    }
    Files.writeString(docs.resolve("benchmarks.md"), report.markdown());
    Files.writeString(docs.resolve("benchmarks.svg"), new Chart(questions, measured).svg());
    say("written: " + docs.resolve("benchmarks.md") + " and benchmarks.svg");
  }

  private List<Measured> measure(List<Subject> subjects, List<Question> questions)
      throws IOException, InterruptedException {
    return options.measurement().of(subjects, questions, Bench::say);
  }

  /** Each Feast beside ours over the store that it wrote, in the shape that it answers in. */
  private List<Subject> subjects(FeastStores stores) throws IOException, InterruptedException {
    for (var python : options.pythons().entrySet()) {
      say(python.getKey() + " writes its store");
      stores.write(python.getKey(), python.getValue());
    }
    Map<String, String> newStore = stores.environment("feast-0.67");
    Map<String, String> oldStore = stores.environment("feast-0.14");
    List<Subject> subjects = new ArrayList<>();
    if (wanted(Subject.Id.RUNTIME)) {
      subjects.add(
          new Subject(
              Subject.Id.RUNTIME,
              "this runtime",
              programs.runtime(),
              programs.runtimeFiles(),
              newStore,
              Subject.lookup("/v2/get-online-features")));
    }
    if (wanted(Subject.Id.FEAST_0_67)) {
      subjects.add(
          new Subject(
              Subject.Id.FEAST_0_67,
              "Feast 0.67.0",
              programs.python(
                  python("feast-0.67"), List.of(), "lambda_0_67.handler", stores.bench()),
              Programs.pythonFiles(python("feast-0.67")),
              newStore,
              Subject.lookup("/get-online-features")));
    }
    if (wanted(Subject.Id.RUNTIME_0_14)) {
      subjects.add(
          new Subject(
              Subject.Id.RUNTIME_0_14,
              "this runtime, 0.14.1's store",
              programs.runtime(),
              programs.runtimeFiles(),
              oldStore,
              Subject.lookup("/get-online-features")));
    }
    if (wanted(Subject.Id.FEAST_0_14)) {
      subjects.add(
          new Subject(
              Subject.Id.FEAST_0_14,
              "Feast 0.14.1",
              programs.python(
                  python("feast-0.14"),
                  stores.launcher("feast-0.14"),
                  "feast.infra.feature_servers.aws_lambda.app.handler",
                  stores.bench()),
              Programs.pythonFiles(python("feast-0.14")),
              oldStore,
              Subject.lookup("/get-online-features")));
    }
    if (wanted(Subject.Id.FLOOR_SDK)) {
      subjects.add(floor(Subject.Id.FLOOR_SDK, "floor: BatchGetItem, SDK", "sdk", newStore));
    }
    if (wanted(Subject.Id.FLOOR_SOCKET)) {
      subjects.add(
          floor(Subject.Id.FLOOR_SOCKET, "floor: BatchGetItem, socket", "socket", newStore));
    }
    return subjects;
  }

  private Subject floor(
      Subject.Id id, String name, String reader, Map<String, String> environment) {
    return new Subject(
        id,
        name,
        programs.floor(reader),
        programs.floorFiles(),
        environment,
        new Subject.Asking() {
          @Override
          public byte[] event(Question question) {
            return GatewayEvent.postJson("/" + question.rows() + "/" + question.views(), "");
          }

          @Override
          public void check(Question question, byte[] answer) throws IOException {
            JsonNode body = JSON.readTree(JSON.readTree(answer).path("body").asText());
            if (body.path("items").asInt() != question.rows() * question.views()) {
              throw new IOException(new String(answer, StandardCharsets.UTF_8));
            }
          }
        });
  }

  private Subject documentedSubject(DocumentedStore store) {
    return new Subject(
        Subject.Id.RUNTIME,
        "this runtime",
        programs.runtime(),
        programs.runtimeFiles(),
        store.environment(),
        Subject.lookup("/get-online-features"));
  }

  private static Question documentedQuestion(DocumentedStore store) throws IOException {
    return new Question(
        3,
        1,
        store.requestBody(),
        body -> {
          if (!store.isDocumented(body.toString())) {
            throw new IOException("not the documented answer: " + body);
          }
        });
  }

  private boolean wanted(Subject.Id id) {
    return options.only().contains(id);
  }

  private Path python(String store) {
    return Objects.requireNonNull(options.pythons().get(store), store);
  }

  private static void say(String line) {
    System.err.println(line);
  }
}
