package dev.feast.aws.bench;

import dev.feast.aws.runtime.image.GatewayEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Something that is measured: a function that speaks Lambda's Runtime API, over a store.
 *
 * @param id as {@code --only} and the chart's colours know it
 * @param name as the tables call it
 * @param program what is started
 * @param files folders that it is started from, all that it reads of the disk below them
 * @param environment what Lambda and the operator would set, the store's place among it
 * @param asking how it is asked
 */
record Subject(
    Id id,
    String name,
    Program program,
    List<Path> files,
    Map<String, String> environment,
    Asking asking) {

  /** What can be measured. */
  enum Id {
    RUNTIME("runtime"),
    FEAST_0_67("feast-0.67"),
    RUNTIME_0_14("runtime-0.14"),
    FEAST_0_14("feast-0.14"),
    FLOOR_SDK("floor-sdk"),
    FLOOR_SOCKET("floor-socket");

    private final String option;

    Id(String option) {
      this.option = option;
    }

    /** As {@code --only} takes it. */
    String option() {
      return option;
    }

    /** Whether it only reads keys, and answers how long that took. */
    boolean isFloor() {
      return this == FLOOR_SDK || this == FLOOR_SOCKET;
    }
  }

  /** Starts processes. */
  interface Program {
    /** Starts one, with nothing of the caller's environment but {@code environment}. */
    Process start(Map<String, String> environment) throws IOException;
  }

  /** How a question is put, and what is expected of the answer. */
  interface Asking {
    byte[] event(Question question);

    /**
     * @param answer as the function gives it to API Gateway
     */
    void check(Question question, byte[] answer) throws IOException;
  }

  /** Asked as API Gateway passes on JSON that a client posted. */
  static Asking lookup(String path) {
    return new Asking() {
      @Override
      public byte[] event(Question question) {
        return GatewayEvent.postJson(path, question.body());
      }

      @Override
      public void check(Question question, byte[] answer) throws IOException {
        question.checkAnswer(answer);
      }
    };
  }
}
