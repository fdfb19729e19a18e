package dev.feast.aws.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures all subjects, taking turns: what disturbs the machine for a while disturbs all of them.
 *
 * @param starts cold starts of each; half as many more with an empty page cache
 * @param passes processes of each that are asked warm
 * @param turn how long each is asked the same question before the next one's turn
 */
record Measurement(int starts, int passes, Duration turn) {
  /** Turns at one question. */
  private static final int TURNS = 4;

  /** So many answers, or turns' time, are not counted: code gets compiled, caches fill. */
  private static final int WARM_UP = 200;

  /** In one turn, however quick the answers are. */
  private static final int MOST_IN_A_TURN = 250;

  List<Measured> of(List<Subject> subjects, List<Question> questions, Progress progress)
      throws IOException, InterruptedException {
    Map<Subject, Measured> measured = new LinkedHashMap<>();
    subjects.forEach(subject -> measured.put(subject, new Measured(subject, questions)));
    // Not counted: it warms the page cache and the stores that all share.
    progress.say("one start of each that is not counted");
    for (Subject subject : subjects) {
      Running.start(subject, questions.getFirst()).close();
    }
    for (int i = 1; i <= starts; i++) {
      progress.say("cold start " + i + " of " + starts);
      for (Subject subject : subjects) {
        try (Running running = Running.start(subject, questions.getFirst())) {
          of(measured, running).toFirstAnswer().add(running.toFirstAnswer());
        }
      }
    }
    for (int i = 1; i <= (starts + 1) / 2; i++) {
      progress.say("start " + i + " from the disk");
      for (Subject subject : subjects) {
        PageCache.forget(subject.files());
        try (Running running = Running.start(subject, questions.getFirst())) {
          of(measured, running).fromDisk().add(running.toFirstAnswer());
        }
      }
    }
    for (int i = 1; i <= passes; i++) {
      List<Running> all = new ArrayList<>();
      try {
        for (Subject subject : subjects) {
          all.add(Running.start(subject, questions.getFirst()));
        }
        for (Question question : questions) {
          progress.say("processes " + i + " of " + passes + ": " + question.name());
          askAll(all, question, measured);
          if (question.equals(questions.getFirst())) {
            for (Running running : all) {
              of(measured, running).smallPeak().add(running.peakMemory());
            }
          }
        }
        for (Running running : all) {
          of(measured, running).peak().add(running.peakMemory());
        }
      } finally {
        for (Running running : all) {
          running.close();
        }
      }
    }
    return List.copyOf(measured.values());
  }

  /** Says how far it is. */
  interface Progress {
    void say(String line);
  }

  private void askAll(List<Running> all, Question question, Map<Subject, Measured> measured)
      throws IOException, InterruptedException {
    for (Running running : all) {
      long end = System.nanoTime() + turn.multipliedBy(TURNS).toNanos();
      running.check(question);
      for (int n = 1; n < WARM_UP && System.nanoTime() < end; n++) {
        running.ask(question);
      }
    }
    // Who takes longer than all turns for one answer gets one turn.
    Map<Running, Long> left = new HashMap<>();
    all.forEach(running -> left.put(running, turn.multipliedBy(TURNS).toNanos()));
    for (int i = 0; i < TURNS; i++) {
      for (Running running : all) {
        if (Objects.requireNonNull(left.get(running)) > 0) {
          long took = askInTurn(running, question, of(measured, running));
          left.merge(running, -took, Long::sum);
        }
      }
    }
  }

  /** Returns the nanoseconds that it took. */
  private long askInTurn(Running running, Question question, Measured measured)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    long spent = 0;
    for (int n = 0; n == 0 || (n < MOST_IN_A_TURN && spent < turn.toNanos()); n++) {
      Running.Took took = running.ask(question);
      measured.warm(question).add(took.handed());
      measured.reading(question).add(took.reading());
      spent = System.nanoTime() - start;
    }
    return spent;
  }

  private static Measured of(Map<Subject, Measured> measured, Running running) {
    return Objects.requireNonNull(measured.get(running.subject()));
  }
}
