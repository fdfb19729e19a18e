package dev.feast.aws.runtime.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * One HTTP answer; the body is always JSON.
 *
 * @param headers besides the content type, names in lower case
 * @param body JSON in UTF-8
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {

  public static final String CONTENT_TYPE = "application/json";

  /**
   * What a body may have as a text in JSON, its quotes escaped: with what stands around it that is
   * what Lambda takes as an answer, 6 MiB and 100 bytes. On a port as well, so that what is tried
   * out there works in Lambda.
   */
  public static final int MAX_BODY_BYTES = 6 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  /** Writes a body; an IOException of it is a bug here, for the target is memory. */
  @FunctionalInterface
  public interface Body {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** Throws a {@link Refusal} where the body becomes too large. */
  public static Answer ok(Body body) {
    return json(200, Map.of(), body);
  }

  private static Answer json(int status, Map<String, String> headers, Body body) {
    var bytes = new AnswerBytes();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      body.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer(status, headers, bytes.toByteArray());
  }

  /** An error as Feast's clients read it: {@code detail} is where its servers put the message. */
  public static Answer error(ErrorCode code, String detail) {
    return error(code, code.headers(), detail);
  }

  static Answer error(ErrorCode code, Map<String, String> headers, String detail) {
    return json(
        code.status(),
        headers,
        json -> {
          json.writeStartObject();
          json.writeStringField("code", code.name());
          json.writeStringField("detail", detail);
          json.writeEndObject();
        });
  }
}
