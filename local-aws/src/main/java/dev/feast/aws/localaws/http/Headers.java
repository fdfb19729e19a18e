package dev.feast.aws.localaws.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * HTTP header fields in the order they were sent, names compared without case. A value keeps the
 * case it was given in; nothing here changes after it was made.
 */
public record Headers(List<Field> fields) {
  public static final Headers NONE = new Headers(List.of());

  /** One field as it was sent. */
  public record Field(String name, String value) {}

  public Headers {
    fields = List.copyOf(fields);
  }

  /** Names and values in turn. */
  public static Headers of(String... namesAndValues) {
    var fields = new ArrayList<Field>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new Headers(fields);
  }

  /** The first value under that name. */
  public Optional<String> first(String name) {
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return Optional.of(field.value);
      }
    }
    return Optional.empty();
  }

  /** All values under that name, in order. */
  public List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name.equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  public boolean has(String name) {
    return first(name).isPresent();
  }

  /** These, and one more at the end. */
  public Headers plus(String name, String value) {
    var more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new Headers(more);
  }

  /** These, and all of {@code other} at the end. */
  public Headers plus(Headers other) {
    var more = new ArrayList<>(fields);
    more.addAll(other.fields);
    return new Headers(more);
  }

  /** These, with nothing but {@code value} under that name. */
  public Headers with(String name, String value) {
    return without(name).plus(name, value);
  }

  public Headers without(String name) {
    return new Headers(
        fields.stream().filter(field -> !field.name.equalsIgnoreCase(name)).toList());
  }
}
