package dev.feast.aws.localaws.logs;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A log group with its newest events. */
final class LogGroup {
  /** What is kept of each stream. */
  static final int MOST_EVENTS = 10_000;

  /**
   * One line of a log.
   *
   * @param id unique in its group, ascending in the order of arrival
   */
  record Event(long id, String stream, Instant time, String message) {}

  /** Where it is and how it is called. */
  record Key(String account, String region, String name) {
    String arn() {
      return "arn:aws:logs:%s:%s:log-group:%s".formatted(region, account, name);
    }
  }

  private final Key key;
  private final Instant createdAt;
  private final TreeMap<String, Deque<Event>> streams = new TreeMap<>();
  private final TreeMap<String, String> tags = new TreeMap<>();
  private Optional<Integer> retentionDays = Optional.empty();
  private long lastId;

  LogGroup(Key key, Instant createdAt) {
    this.key = key;
    this.createdAt = createdAt;
  }

  Key key() {
    return key;
  }

  Instant createdAt() {
    return createdAt;
  }

  synchronized Optional<Integer> retentionDays() {
    return retentionDays;
  }

  /** Empty keeps events for ever; nothing here is removed by its age. */
  synchronized void retentionDays(Optional<Integer> days) {
    retentionDays = days;
  }

  synchronized Map<String, String> tags() {
    return new TreeMap<>(tags);
  }

  synchronized void tag(Map<String, String> more) {
    tags.putAll(more);
  }

  synchronized void untag(Collection<String> keys) {
    tags.keySet().removeAll(keys);
  }

  synchronized void write(String stream, Instant time, String message) {
    Deque<Event> events = streams.computeIfAbsent(stream, _ -> new ArrayDeque<>());
    events.addLast(new Event(++lastId, stream, time, message));
    if (events.size() > MOST_EVENTS) {
      events.removeFirst();
    }
  }

  synchronized List<String> streams() {
    return List.copyOf(streams.keySet());
  }

  /** Empty where there is no such stream. */
  synchronized Optional<List<Event>> events(String stream) {
    return Optional.ofNullable(streams.get(stream)).map(List::copyOf);
  }

  /** Of all streams, in the order in which they arrived. */
  synchronized List<Event> events() {
    return streams.values().stream()
        .flatMap(Deque::stream)
        .sorted((one, other) -> Long.compare(one.id(), other.id()))
        .toList();
  }
}
