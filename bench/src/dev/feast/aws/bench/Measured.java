package dev.feast.aws.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What was measured of one subject. Times in milliseconds, memory in MiB. */
final class Measured {
  private final Subject subject;
  private final Samples toFirstAnswer = new Samples();
  private final Samples fromDisk = new Samples();
  private final Map<Question, Samples> warm = new LinkedHashMap<>();
  private final Map<Question, Samples> reading = new LinkedHashMap<>();
  private final Samples smallPeak = new Samples();
  private final Samples peak = new Samples();

  Measured(Subject subject, List<Question> questions) {
    this.subject = subject;
    questions.forEach(
        question -> {
          warm.put(question, new Samples());
          reading.put(question, new Samples());
        });
  }

  Subject subject() {
    return subject;
  }

  /** Start of the process to its first answer. */
  Samples toFirstAnswer() {
    return toFirstAnswer;
  }

  /** The same, with nothing of its files in the page cache. */
  Samples fromDisk() {
    return fromDisk;
  }

  /** Event handed over to answer taken back. */
  Samples warm(Question question) {
    return Objects.requireNonNull(warm.get(question));
  }

  /** Of a floor: the reading alone. */
  Samples reading(Question question) {
    return Objects.requireNonNull(reading.get(question));
  }

  /** Peak memory after lookups of the first question only. */
  Samples smallPeak() {
    return smallPeak;
  }

  /** Peak memory after all questions. */
  Samples peak() {
    return peak;
  }
}
