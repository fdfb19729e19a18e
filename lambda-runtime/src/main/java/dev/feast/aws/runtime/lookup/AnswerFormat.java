package dev.feast.aws.runtime.lookup;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** One of the two shapes in which Feast's feature servers have answered. */
@FunctionalInterface
public interface AnswerFormat {

  /** Writes one JSON object. */
  void write(JsonGenerator json, LookupResult result) throws IOException;
}
