package dev.feast.aws.localaws.control;

import dev.feast.aws.localaws.control.Fault.Action;
import dev.feast.aws.localaws.http.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults that wait for calls. */
public final class Faults {
  private final Map<String, Waiting> byId = new LinkedHashMap<>();
  private long lastId;

  /** A fault with what is left of it, and the answers that it holds reads to if it is stale. */
  private record Waiting(Fault fault, Map<String, Answered> first) {}

  /**
   * How a read was answered.
   *
   * @param errorCode empty for a success
   */
  public record Answered(Response response, String errorCode) {}

  /** Returns an id to remove it by. */
  public synchronized String add(Fault fault) {
    String id = "fault-" + ++lastId;
    byId.put(id, new Waiting(fault, new HashMap<>()));
    return id;
  }

  /** Whether there was one under that id; one that has hit all its calls is gone. */
  public synchronized boolean remove(String id) {
    return byId.remove(id) != null;
  }

  public synchronized void clear() {
    byId.clear();
  }

  /**
   * Those that still wait, by id, {@link Fault#skip()} and {@link Fault#times()} being what is
   * left.
   */
  public synchronized Map<String, Fault> list() {
    var waiting = new LinkedHashMap<String, Fault>();
    byId.forEach((id, each) -> waiting.put(id, each.fault()));
    return waiting;
  }

  /**
   * What is to happen to a call at that point: delays in the order they were added, then at most
   * one that ends it. Counts as one hit for each fault that is returned.
   */
  public List<Action> hit(String service, String operation, Fault.When when) {
    return hit(
        fault ->
            fault.when() == when
                && isDispatchers(fault.action())
                && fault.matches(service, operation));
  }

  /** Whether a BatchGetItem is to leave keys unprocessed. */
  public boolean hitUnprocessed() {
    return !hit(fault ->
            fault.action() instanceof Action.Unprocessed
                && fault.matches("dynamodb", "BatchGetItem"))
        .isEmpty();
  }

  /**
   * What is to happen to what a call does under another operation's name on its way: only faults
   * that name that operation hit it, for the call itself was hit by the others.
   */
  public List<Action> hitWithin(String service, String operation) {
    return hit(
        fault ->
            fault.when() == Fault.When.BEFORE
                && isDispatchers(fault.action())
                && fault.operation().equals(operation)
                && fault.matches(service, operation));
  }

  /** Whether a fault may hold reads of that operation to earlier answers. */
  public synchronized boolean areStale(String service, String operation) {
    return byId.values().stream().anyMatch(waiting -> isStale(waiting.fault(), service, operation));
  }

  /**
   * The stale answer to a read, where it is to have one.
   *
   * @param request what makes it the same read as an earlier one
   */
  public synchronized Optional<Answered> earlier(String service, String operation, String request) {
    for (var entry : byId.entrySet()) {
      Answered first = entry.getValue().first().get(request);
      Fault fault = entry.getValue().fault();
      if (first != null && isStale(fault, service, operation) && counts(entry.getKey(), fault)) {
        return Optional.of(first);
      }
    }
    return Optional.empty();
  }

  /** How a read was answered: if it is the first of its kind, later ones are held to it. */
  public synchronized void answered(
      String service, String operation, String request, Answered answer) {
    byId.values().stream()
        .filter(waiting -> isStale(waiting.fault(), service, operation))
        .forEach(waiting -> waiting.first().putIfAbsent(request, answer));
  }

  private static boolean isStale(Fault fault, String service, String operation) {
    return fault.action() instanceof Action.Stale && fault.matches(service, operation);
  }

  /** Whether the action is the same for all services and all operations. */
  private static boolean isDispatchers(Action action) {
    return switch (action) {
      case Action.Answer _, Action.Throttle _, Action.Delay _, Action.Cut _ -> true;
      case Action.Unprocessed _, Action.Stale _ -> false;
    };
  }

  private synchronized List<Action> hit(Predicate<Fault> isMeant) {
    var actions = new ArrayList<Action>();
    for (var entry : List.copyOf(byId.entrySet())) {
      Fault fault = entry.getValue().fault();
      if (isMeant.test(fault) && counts(entry.getKey(), fault)) {
        actions.add(fault.action());
        if (!(fault.action() instanceof Action.Delay)) {
          break;
        }
      }
    }
    return actions;
  }

  /** Counts a call that the fault is meant for; whether it hits this one. */
  private boolean counts(String id, Fault fault) {
    if (fault.skip() > 0) {
      left(id, fault.skip(fault.skip() - 1));
      return false;
    }
    if (fault.times() == 1) {
      byId.remove(id);
    } else if (fault.times() != Fault.ALWAYS) {
      left(id, fault.times(fault.times() - 1));
    }
    return true;
  }

  private void left(String id, Fault fault) {
    byId.computeIfPresent(id, (same, waiting) -> new Waiting(fault, waiting.first()));
  }
}
