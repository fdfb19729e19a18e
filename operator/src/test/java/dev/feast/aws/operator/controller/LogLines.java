package dev.feast.aws.operator.controller;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What the operator's process writes to its log, byte for byte as logback.xml has it. */
final class LogLines implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final AppenderBase<ILoggingEvent> appender;

  LogLines() {
    var stdout = (ConsoleAppender<ILoggingEvent>) root.getAppender("stdout");
    Encoder<ILoggingEvent> encoder = stdout.getEncoder();
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
          }
        };
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
  }

  String text() {
    return String.join("", lines);
  }

  /** The lines about the FeatureServer of that name. */
  String about(String name) {
    return lines.stream()
        .filter(line -> parsed(line).path("name").asText().equals(name))
        .collect(Collectors.joining());
  }

  /** Each line, which has to be one JSON object. */
  List<JsonNode> parsed() {
    return lines.stream().map(LogLines::parsed).toList();
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
  }
}
