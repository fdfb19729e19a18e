package dev.feast.aws.e2e.process;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** How a process is ended. */
public final class Ending {
  /** Whether the process gets a chance to stop by itself. */
  public enum Manner {
    /** For what has to clean up: a signal, and force only after a while. */
    ASK_FIRST,
    /** For what holds nothing worth saving, and would take its time. */
    AT_ONCE
  }

  /** How long a process may take over its own clean stop. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static final Duration AFTER_KILL = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(20);

  private Ending() {}

  /**
   * Ends the leader of a session; when this returns, neither it nor what it had started runs.
   *
   * @return whether it ended by itself after it was asked
   */
  static boolean end(ProcessIdentity leader, Manner manner) {
    Set<ProcessIdentity> family = new LinkedHashSet<>();
    addFamily(leader, family);
    boolean ended =
        switch (manner) {
          case ASK_FIRST -> ask(leader) && endedWithin(leader, GRACE);
          case AT_ONCE -> false;
        };
    // The leader first: once it has ended, it starts no other.
    if (!ended) {
      addFamily(leader, family);
      kill(leader);
      endedWithin(leader, AFTER_KILL);
    }
    do {
      family.forEach(Ending::kill);
      family.forEach(member -> endedWithin(member, AFTER_KILL));
    } while (addFamily(leader, family));
    return ended;
  }

  private static boolean ask(ProcessIdentity process) {
    return process.living().filter(ProcessHandle::destroy).isPresent();
  }

  private static void kill(ProcessIdentity process) {
    process.living().ifPresent(ProcessHandle::destroyForcibly);
  }

  /**
   * Adds the leader's descendants, and what runs in its session although its parent has ended.
   *
   * @return whether there is one that was not known
   */
  private static boolean addFamily(ProcessIdentity leader, Set<ProcessIdentity> family) {
    boolean grown = false;
    for (ProcessHandle descendant :
        leader.living().stream().flatMap(ProcessHandle::descendants).toList()) {
      grown |= ProcessIdentity.of(descendant.pid()).filter(family::add).isPresent();
    }
    if (!leader.lives() && ProcStat.of(leader.pid()).isPresent()) {
      // A stranger has its id by now, and maybe a session of that number.
      return grown;
    }
    for (ProcStat process : ProcStat.all()) {
      if (process.session() == leader.pid() && process.pid() != leader.pid()) {
        grown |= family.add(ProcessIdentity.of(process));
      }
    }
    return grown;
  }

  private static boolean endedWithin(ProcessIdentity process, Duration bound) {
    Instant end = Instant.now().plus(bound);
    while (process.lives()) {
      if (Instant.now().isAfter(end)) {
        return false;
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        // The caller is being stopped itself: no more waiting, but still end everything.
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
