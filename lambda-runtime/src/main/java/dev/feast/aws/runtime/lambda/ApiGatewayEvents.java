package dev.feast.aws.runtime.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API Gateway's payload format 2.0: an event in, its answer out. */
public final class ApiGatewayEvents {

  /** What Lambda takes as the answer of one invocation: 6 MiB and 100 bytes. */
  static final int MAX_ANSWER_BYTES = 6_291_556;

  /** An HTTP API waits 30 s from when it got the request: a cold start is part of them. */
  private static final long GATEWAY_MILLIS = 29_000;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String DEFAULT_STAGE = "$default";

  private final Handler handler;

  public ApiGatewayEvents(Handler handler) {
    this.handler = handler;
  }

  /**
   * Never longer than {@link #MAX_ANSWER_BYTES}. Bodies that leave no room for what is around them
   * were refused before; the rest is for answers with many headers.
   */
  public byte[] answer(byte[] event, Deadline deadline) {
    byte[] payload = payloadOf(answerTo(event, deadline));
    if (payload.length <= MAX_ANSWER_BYTES) {
      return payload;
    }
    return payloadOf(
        Answer.error(
            ErrorCode.RESPONSE_TOO_LARGE,
            "the answer has "
                + payload.length
                + " bytes; Lambda returns at most "
                + MAX_ANSWER_BYTES
                + ". Ask for fewer rows or fewer features at once."));
  }

  private Answer answerTo(byte[] event, Deadline deadline) {
    Event parsed;
    try {
      parsed = Event.parse(event);
    } catch (IOException e) {
      return notAnEvent();
    }
    if (parsed.method == null || parsed.path == null) {
      return notAnEvent();
    }
    byte[] body;
    try {
      body = parsed.bodyBytes();
    } catch (IllegalArgumentException e) {
      return Answer.error(
          ErrorCode.INVALID_REQUEST, "the event says that its body is base64; it is not");
    }
    return handler.handle(
        new Request(
            parsed.method,
            parsed.pathWithoutStage(),
            parsed.headers,
            body,
            parsed.earlierOf(deadline)));
  }

  private static Answer notAnEvent() {
    return Answer.error(
        ErrorCode.INVALID_REQUEST,
        "the event is not a request in API Gateway's payload format 2.0:"
            + " rawPath and requestContext.http.method are missing");
  }

  private static byte[] payloadOf(Answer answer) {
    var bytes = new ByteArrayOutputStream(answer.body().length + answer.body().length / 4 + 256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("statusCode", answer.status());
      json.writeObjectFieldStart("headers");
      json.writeStringField("content-type", Answer.CONTENT_TYPE);
      for (Map.Entry<String, String> header : answer.headers().entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
      json.writeBooleanField("isBase64Encoded", false);
      json.writeFieldName("body");
      json.writeUTF8String(answer.body(), 0, answer.body().length);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The few fields that are read; everything else in the event is skipped unread. */
  private static final class Event {
    @Nullable String method;
    @Nullable String path;
    @Nullable String stage;
    @Nullable String body;
    long timeEpoch;
    final Map<String, String> headers = new HashMap<>();
    boolean base64;

    static Event parse(byte[] bytes) throws IOException {
      var event = new Event();
      try (JsonParser json = JSON.createParser(bytes)) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
          return event;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          switch (name) {
            case "rawPath" -> event.path = text(json);
            case "headers" -> event.parseHeaders(json);
            case "body" -> event.body = text(json);
            case "isBase64Encoded" -> event.base64 = json.currentToken() == JsonToken.VALUE_TRUE;
            case "requestContext" -> event.parseContext(json);
            default -> json.skipChildren();
          }
        }
      }
      return event;
    }

    /** API Gateway has put values of the same name together already. */
    private void parseHeaders(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        return;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (text(json) instanceof String value) {
          headers.put(name.toLowerCase(Locale.ROOT), value);
        }
      }
    }

    private void parseContext(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        return;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "stage" -> stage = text(json);
          case "timeEpoch" -> timeEpoch = whole(json);
          case "http" -> parseHttp(json);
          default -> json.skipChildren();
        }
      }
    }

    private void parseHttp(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        return;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("method")) {
          method = text(json);
        } else {
          json.skipChildren();
        }
      }
    }

    /** 0 for what is none. */
    private static long whole(JsonParser json) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
          && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        return json.getLongValue();
      }
      json.skipChildren();
      return 0;
    }

    /**
     * Lambda's deadline, or API Gateway's where that comes before. One that is over already says
     * nothing: either nobody waits for the answer, or the event was made up, or by another clock.
     */
    Deadline earlierOf(Deadline lambda) {
      return lambda.orEarlier(Instant.ofEpochMilli(timeEpoch).plusMillis(GATEWAY_MILLIS));
    }

    private static @Nullable String text(JsonParser json) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        return json.getText();
      }
      json.skipChildren();
      return null;
    }

    /** A named stage stands in front of rawPath, {@code $default} does not. */
    String pathWithoutStage() {
      String raw = path == null ? "" : path;
      if (stage == null || stage.equals(DEFAULT_STAGE)) {
        return raw;
      }
      String prefix = "/" + stage;
      return raw.startsWith(prefix + "/") ? raw.substring(prefix.length()) : raw;
    }

    byte[] bodyBytes() {
      if (body == null) {
        return new byte[0];
      }
      return base64 ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
    }
  }
}
