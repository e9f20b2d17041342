/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The migration's end of a route: pauses the applications, and opens the route to one of the sides.
 * Not safe for use by several threads, but for {@link #delay}; several processes are told apart by
 * compare-and-set.
 */
public final class RouteControl {
  /** How long to wait for a sign of a member: no data source takes a longer lease. */
  public static final Duration LONGEST_SILENCE = RouteMember.LONGEST_LEASE;

  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private final RouteStore store;
  private final Clock clock;

  /**
   * Makes the control of a route.
   *
   * @param store where the route is
   * @param clock for the times in the record
   */
  public RouteControl(RouteStore store, Clock clock) {
    this.store = Objects.requireNonNull(store, "store");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * The route as it is.
   *
   * @return the route
   */
  public Route read() {
    return store.read();
  }

  /**
   * As {@link #removeDead(Duration, Consumer)}, for {@link #LONGEST_SILENCE} and telling nobody.
   *
   * @return descriptions of those that were struck off
   */
  public List<String> removeDead() {
    return removeDead(LONGEST_SILENCE, waitedFor -> {});
  }

  /**
   * Strikes members off that died without leaving, so that no pause waits for them. Waits until
   * each member that is there now has given a sign, at most for its lease.
   *
   * @param limit how long to wait for a member whose lease is longer
   * @param waiting is told again and again who is waited for; what it throws ends the waiting
   * @return descriptions of those that were struck off; one that was only asleep joins again
   * @throws io.clouddb.error.DeadlineException when the limit has passed and there are members that
   *     gave no sign and may still do so; names them
   */
  public List<String> removeDead(Duration limit, Consumer<List<String>> waiting) {
    Map<String, Seen> seen = new HashMap<>();
    List<String> removed = new ArrayList<>();
    for (RouteMember member : store.members()) {
      seen.put(member.id(), new Seen(member.beat(), System.nanoTime()));
    }
    while (true) {
      List<String> undecided = new ArrayList<>();
      List<String> tooLong = new ArrayList<>();
      // Before the look: what it brings may be old already when this process was held up in it.
      long now = System.nanoTime();
      for (RouteMember member : store.members()) {
        // Who came later is alive: were he waited for, others might come in their turn for ever.
        Seen first = seen.get(member.id());
        if (first == null || first.beat != member.beat()) {
          continue;
        }
        if (now - first.at >= member.lease().toNanos()) {
          store.leave(member.id());
          removed.add(member.description());
          continue;
        }
        String who = "%s (lease %s)".formatted(member.description(), member.lease());
        undecided.add(who);
        if (now - first.at >= Route.nanos(limit)) {
          tooLong.add("%s, member %s".formatted(who, member.id()));
        }
      }
      if (!tooLong.isEmpty()) {
        throw silent(limit, tooLong);
      }
      if (undecided.isEmpty()) {
        return removed;
      }
      waiting.accept(undecided);
      lookAgain("while the applications were counted", store.pollInterval().toNanos());
    }
  }

  private RuntimeException silent(Duration limit, List<String> members) {
    return ErrorDetails.of(
            ErrorCategory.DEADLINE,
            "After %d ms these had given no sign, and they may hand out connections for as long as their lease: %s"
                .formatted(limit.toMillis(), String.join("; ", members)))
        .nextStep(
            "See that these processes have ended, and remove what they left in the list of the"
                + " route's members (the file or the row of that name); then try again.")
        .toException();
  }

  /**
   * Pauses all members: asks them to stop, and waits until every connection is back. A member that
   * gives no sign for its lease has stopped by itself and is not waited for.
   *
   * @param drainLimit how long to wait; when it passes, the route is opened again
   * @param lease how long the pause may last before the members end it themselves
   * @return the paused route, for {@link #open}
   * @throws io.clouddb.error.DeadlineException when connections were still out at the limit; names
   *     the members that hold them
   * @throws io.clouddb.error.BusyException when somebody else has paused the route
   */
  public Route pause(Duration drainLimit, Duration lease) {
    Route pausing = beginPause(lease);
    boolean drained = false;
    try {
      drain(pausing, drainLimit);
      drained = true;
    } finally {
      if (!drained) {
        open(pausing, pausing.side());
      }
    }
    Route paused = pausing.paused(clock.instant());
    if (!store.compareAndSet(pausing, paused)) {
      throw lost(pausing);
    }
    return paused;
  }

  /** Another delay of the open route does not stand in the way, only another pause does. */
  private Route beginPause(Duration lease) {
    while (true) {
      Route before = store.read();
      if (before.state() != Route.State.OPEN) {
        throw busy(before);
      }
      Route pausing = before.pausing(lease, clock.instant());
      if (store.compareAndSet(before, pausing)) {
        return pausing;
      }
    }
  }

  /**
   * Slows the application down: its data sources hold each connection back. Does nothing while the
   * route is paused, nor when somebody changes it at the same time.
   *
   * @param delay for how long each; zero to let them go at once again
   * @param lease for how long, unless it is said again; a migration that dies says nothing more
   * @return whether the route has it
   */
  public boolean delay(Duration delay, Duration lease) {
    Route now = store.read();
    return now.state() == Route.State.OPEN
        && store.compareAndSet(now, now.delayed(delay, lease, clock.instant()));
  }

  /**
   * Opens a route. This is the one instant at which the application changes sides.
   *
   * @param paused the route as it was paused
   * @param side where connections go from now on
   * @return the open route
   * @throws io.clouddb.error.ConditionFailedException when the pause is over already, since its
   *     lease has run out
   */
  public Route open(Route paused, Route.Side side) {
    Route opened = paused.opened(side, clock.instant());
    if (!store.compareAndSet(paused, opened)) {
      throw lost(paused);
    }
    return opened;
  }

  /**
   * Ends a pause that an earlier run of this migration left, back to the side it came from. Does
   * nothing when the route is open.
   *
   * @return the open route
   */
  public Route reopen() {
    Route now = store.read();
    while (now.state() != Route.State.OPEN) {
      if (store.compareAndSet(now, now.opened(now.side(), clock.instant()))) {
        return store.read();
      }
      now = store.read();
    }
    return now;
  }

  /**
   * Opens the route to a side, whatever it is. For the way forward after a decision that cannot be
   * taken back; connections of the other side may still be out, so that side must refuse writes.
   *
   * @param side where connections go from now on
   * @return the open route
   */
  public Route force(Route.Side side) {
    Route now = store.read();
    while (now.state() != Route.State.OPEN || now.side() != side) {
      Route next = now.opened(side, clock.instant());
      if (store.compareAndSet(now, next)) {
        return next;
      }
      now = store.read();
    }
    return now;
  }

  private void drain(Route pausing, Duration limit) {
    long began = System.nanoTime();
    Map<String, Seen> seen = new HashMap<>();
    while (true) {
      List<String> late = new ArrayList<>();
      long now = System.nanoTime();
      for (RouteMember member : store.members()) {
        if (member.epoch() >= pausing.epoch()) {
          continue;
        }
        Seen last = seen.get(member.id());
        if (last == null || last.beat != member.beat()) {
          last = new Seen(member.beat(), now);
          seen.put(member.id(), last);
        }
        // Silent for its lease: whatever it read last, it hands out nothing on the strength of it.
        if (now - last.at < member.lease().toNanos()) {
          late.add(member.description() + " (" + member.borrowed() + " connections out)");
        }
      }
      if (late.isEmpty()) {
        return;
      }
      if (now - began > Route.nanos(limit)) {
        throw ErrorDetails.of(
                ErrorCategory.DEADLINE,
                "After "
                    + limit.toMillis()
                    + " ms these had not paused: "
                    + String.join(", ", late))
            .resource(pausing.id())
            .nextStep(
                "Shorten the longest transactions of the application or close connections that it"
                    + " keeps, or raise the limit; the route is open again.")
            .toException();
      }
      lookAgain("while the applications paused", LOOK_AGAIN_NANOS);
    }
  }

  private static void lookAgain(String when, long after) {
    LockSupport.parkNanos(after);
    if (Thread.currentThread().isInterrupted()) {
      throw ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted " + when).toException();
    }
  }

  private record Seen(long beat, long at) {}

  private static RuntimeException busy(Route route) {
    return ErrorDetails.of(
            ErrorCategory.BUSY,
            "The route " + route.id() + " is " + route.state() + " (epoch " + route.epoch() + ")")
        .resource(route.id())
        .nextStep("Wait for the migration that paused it, or for the end of its lease.")
        .toException();
  }

  private static RuntimeException lost(Route route) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The pause of the route " + route.id() + " was over before it was used")
        .resource(route.id())
        .nextStep("The applications went back to the " + route.side() + "; try again.")
        .toException();
  }
}
