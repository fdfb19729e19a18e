package dev.feast.aws.localaws.control;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The faults that wait for calls. */
public final class Faults {
  private final Map<String, Fault> byId = new LinkedHashMap<>();
  private long lastId;

  /** Returns an id to remove it by. */
  public synchronized String add(Fault fault) {
    String id = "fault-" + ++lastId;
    byId.put(id, fault);
    return id;
  }

  /** Whether there was one under that id; one that has hit all its calls is gone. */
  public synchronized boolean remove(String id) {
    return byId.remove(id) != null;
  }

  public synchronized void clear() {
    byId.clear();
  }

  /** Those that still wait, by id, {@link Fault#times()} being what is left. */
  public synchronized Map<String, Fault> list() {
    return new LinkedHashMap<>(byId);
  }

  /**
   * What is to happen to a call at that point: delays in the order they were added, then at most
   * one that ends it. Counts as one hit for each fault that is returned.
   */
  public List<Fault.Action> hit(String service, String operation, Fault.When when) {
    return hit(
        fault ->
            fault.when() == when
                && !(fault.action() instanceof Fault.Action.Unprocessed)
                && fault.matches(service, operation));
  }

  /** Whether a BatchGetItem is to leave keys unprocessed. */
  public boolean hitUnprocessed() {
    return !hit(fault ->
            fault.action() instanceof Fault.Action.Unprocessed
                && fault.matches("dynamodb", "BatchGetItem"))
        .isEmpty();
  }

  /**
   * What is to happen to what a call does under another operation's name on its way: only faults
   * that name that operation hit it, for the call itself was hit by the others.
   */
  public List<Fault.Action> hitWithin(String service, String operation) {
    return hit(
        fault ->
            fault.when() == Fault.When.BEFORE
                && !(fault.action() instanceof Fault.Action.Unprocessed)
                && fault.operation().equals(operation)
                && fault.matches(service, operation));
  }

  private synchronized List<Fault.Action> hit(Predicate<Fault> isMeant) {
    var actions = new ArrayList<Fault.Action>();
    for (Iterator<Map.Entry<String, Fault>> it = byId.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<String, Fault> entry = it.next();
      Fault fault = entry.getValue();
      if (!isMeant.test(fault)) {
        continue;
      }
      if (fault.times() == 1) {
        it.remove();
      } else if (fault.times() != Fault.ALWAYS) {
        entry.setValue(fault.times(fault.times() - 1));
      }
      actions.add(fault.action());
      if (!(fault.action() instanceof Fault.Action.Delay)) {
        break;
      }
    }
    return actions;
  }
}
