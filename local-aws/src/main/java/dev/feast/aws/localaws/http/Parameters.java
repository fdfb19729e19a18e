package dev.feast.aws.localaws.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parameters of a query string or a form body, decoded, in the order they were sent. */
public record Parameters(List<Parameter> list) {

  /** One parameter; the value is empty where there is no equals sign. */
  public record Parameter(String name, String value) {}

  public Parameters {
    list = List.copyOf(list);
  }

  /**
   * Reads {@code a=b&c=d}.
   *
   * @throws IllegalArgumentException when a percent sign is not followed by two hexadecimal digits
   */
  public static Parameters parse(String text) {
    var list = new ArrayList<Parameter>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        list.add(new Parameter(decode(name), decode(value)));
      }
    }
    return new Parameters(list);
  }

  /** The first value under that name. */
  public Optional<String> first(String name) {
    for (Parameter parameter : list) {
      if (parameter.name.equals(name)) {
        return Optional.of(parameter.value);
      }
    }
    return Optional.empty();
  }

  /** All values under that name, in order. */
  public List<String> all(String name) {
    return list.stream().filter(p -> p.name.equals(name)).map(Parameter::value).toList();
  }

  public boolean has(String name) {
    return first(name).isPresent();
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
