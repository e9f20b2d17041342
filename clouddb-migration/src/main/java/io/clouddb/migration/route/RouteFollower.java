/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that reads the route again and again, opens and shuts the gate by it, and tells the
 * store how far this process has obeyed.
 */
final class RouteFollower implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RouteFollower.class);
  private static final int BEATS_IN_A_LEASE = 4;

  /** Between two reads: a year of thirty a second. */
  private static final long MOST_CHANGES = 1_000_000_000L;

  private final RouteStore store;
  private final ConnectionGate gate;
  private final String memberId;
  private final String description;
  private final Duration lease;
  private final Clock clock;
  private final LongSupplier nanoTime;

  private long beat;
  private long lastBeatAt;
  private long seen;
  private long acknowledged;
  private @Nullable Route current;
  private long currentSince;
  private boolean failing;

  RouteFollower(
      RouteStore store,
      ConnectionGate gate,
      String memberId,
      String description,
      Duration lease,
      Clock clock,
      LongSupplier nanoTime) {
    this.store = store;
    this.gate = gate;
    this.memberId = memberId;
    this.description = description;
    this.lease = lease;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Makes this process known before it reads the route for the first time. In this order a pause
   * either finds it among the members, or it finds the pause.
   */
  void join() {
    sendBeat(0);
    step();
  }

  /**
   * Until the data source is closed, whatever happens: were this thread to end, the application
   * would get no connection any more, also when all is well again.
   */
  @Override
  public void run() {
    while (!gate.closed()) {
      try {
        gate.awaitNudge(Route.nanos(store.pollInterval()));
        step();
        if (failing) {
          failing = false;
          LOG.info("The route {} can be read again", memberId);
        }
      } catch (InterruptedException e) {
        // Nobody has a reason to: what ends this thread is close().
        LOG.debug("The follower of the route was interrupted", e);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** The gate shuts by itself when the lease is over; until then this may be a moment's. */
  private void failed(Throwable why) {
    if (failing) {
      return;
    }
    failing = true;
    try {
      if (why instanceof CloudDbException) {
        LOG.warn("The route cannot be followed, which is tried again: {}", why.getMessage());
      } else {
        LOG.error("The route cannot be followed, which is tried again", why);
      }
    } catch (RuntimeException | Error e) {
      why.addSuppressed(e); // What could not be logged must not end this either.
    }
  }

  /** Reads once, and says what there is to say. */
  void step() {
    long beganAt = nanoTime.getAsLong();
    Route read = store.read();
    Route before = current;
    if (before != null && read.epoch() < before.epoch()) {
      // Somebody removed the route or put an old one back. What was decided stays decided.
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE,
              "The route went back from epoch " + before.epoch() + " to " + read.epoch())
          .nextStep(
              "Put it back as it was. To let the applications go on with what it says now, give it"
                  + " an epoch above "
                  + before.epoch()
                  + ", or start them anew.")
          .toException();
    }
    if (before != null && read.epoch() - before.epoch() > MOST_CHANGES) {
      // Were it followed, no route that is right could be followed any more.
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE,
              "The route went from epoch "
                  + before.epoch()
                  + " to "
                  + read.epoch()
                  + ": nobody changes it as often, so that is no record of it")
          .nextStep("Put it back as it was.")
          .toException();
    }
    if (before == null || read.epoch() > before.epoch()) {
      tell(before, read);
      current = read;
      currentSince = beganAt;
    }
    gate.observe(read, beganAt);
    endExpiredPause(read);
    acknowledge(read);
  }

  private static void tell(@Nullable Route before, Route read) {
    if (before != null
        && before.state() == read.state()
        && before.side() == read.side()
        && before.delay().isZero() == read.delay().isZero()) {
      LOG.debug("Route {}: {} (epoch {})", read.id(), read.delay(), read.epoch());
      return;
    }
    LOG.info(
        "Route {}: {} {} (epoch {}){}",
        read.id(),
        read.state(),
        read.side(),
        read.epoch(),
        read.delay().isZero() ? "" : ", connections are delayed for a migration");
  }

  /** The migration died in its pause: nobody else would ever open the route again. */
  private void endExpiredPause(Route read) {
    if (read.state() == Route.State.OPEN
        || nanoTime.getAsLong() - currentSince < read.pauseLease().toNanos()) {
      return;
    }
    if (store.compareAndSet(read, read.opened(read.side(), clock.instant()))) {
      LOG.warn(
          "The pause of the route {} outlived its lease of {} ms: opened to the {} again",
          read.id(),
          read.pauseLease().toMillis(),
          read.side());
    }
  }

  private void acknowledge(Route read) {
    int borrowed = gate.borrowed();
    boolean obeyed = read.state() == Route.State.OPEN || borrowed == 0;
    // Also when it cannot be obeyed yet: the migration names the connections that it waits for.
    boolean news = seen < read.epoch() || (obeyed && acknowledged < read.epoch());
    seen = read.epoch();
    if (obeyed) {
      acknowledged = read.epoch();
    }
    if (news || nanoTime.getAsLong() - lastBeatAt > lease.toNanos() / BEATS_IN_A_LEASE) {
      sendBeat(borrowed);
    }
  }

  private void sendBeat(int borrowed) {
    lastBeatAt = nanoTime.getAsLong();
    beat++;
    store.beat(new RouteMember(memberId, description, beat, acknowledged, borrowed, lease));
  }
}
