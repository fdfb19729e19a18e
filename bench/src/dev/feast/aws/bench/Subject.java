package dev.feast.aws.bench;

import java.io.IOException;
import java.util.Map;

/** Something that can be measured: a function that speaks Lambda's Runtime API. */
interface Subject {
  /** As the table calls it. */
  String name();

  /** What it is measured from, in a line. */
  String facts();

  /**
   * Starts one process, with nothing of the caller's environment but {@code environment}.
   *
   * @param environment what Lambda and the operator would set
   */
  Process start(Map<String, String> environment) throws IOException;
}
