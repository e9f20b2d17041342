/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.WalPolicy;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.route.RouteControl;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the policy says about the log that a server keeps for the migration: a slot keeps it
 * from being recycled, and a full disk stops the application. Beyond the limit the migration gives
 * way before the switch, and after it the way back does. Used by one thread.
 */
final class RetainedWal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedWal.class);

  /** How long a connection is delayed at the limit. */
  private static final Duration LONGEST_DELAY = Duration.ofMillis(250);

  /** Several looks at the log, so that one that comes late does not let everybody go. */
  private static final Duration DELAY_LEASE = Duration.ofSeconds(10);

  private final ActiveRun active;
  private final MigrationRun run;
  private boolean passed;
  private boolean delaying;

  RetainedWal(ActiveRun active) {
    this.active = active;
    this.run = active.run;
  }

  /**
   * Looks at what is kept now.
   *
   * @param bytes for the slot that is read
   * @param waiting for the slot of the way back before the switch: reading faster lets none of it
   *     go, so that only the limit is for it
   */
  void seen(long bytes, long waiting) {
    WalPolicy policy = run.settings.retainedWal();
    long most = Math.max(bytes, waiting);
    if (policy instanceof WalPolicy.Stop stop) {
      bound(most, stop.limit());
    } else if (policy instanceof WalPolicy.Spill spill) {
      spill(bytes, spill.limit());
      bound(most, spill.limit());
    } else if (policy instanceof WalPolicy.Throttle throttle) {
      delay(delayAt(bytes, throttle.limit()));
      bound(most, throttle.limit());
    }
  }

  /** It ends at a quarter, so that it does not swing around the half. */
  private void spill(long bytes, long limit) {
    Spilling spilling = run.spilling;
    if (spilling == null) {
      return;
    }
    if (!spilling.engaged() && bytes > limit / 2) {
      spilling.engage(true);
      run.notifier.notice(
          String.format(
              Locale.ROOT,
              "%,d bytes of write-ahead log are kept, half of the limit: changes are read ahead into files",
              bytes));
    } else if (spilling.engaged() && bytes < limit / 4) {
      spilling.engage(false);
    }
    run.copySpill.observe(spilling.engaged());
  }

  /** None up to half of the limit, from there on in proportion. */
  static Duration delayAt(long bytes, long limit) {
    long half = Math.max(1, limit / 2);
    long above = Math.min(half, Math.max(0, bytes - limit / 2));
    return Duration.ofMillis((long) Math.ceil(LONGEST_DELAY.toMillis() * ((double) above / half)));
  }

  private void delay(Duration delay) {
    RouteControl route = run.route;
    if (route == null || (delay.isZero() && !delaying)) {
      return;
    }
    if (!delaying) {
      run.notifier.notice(
          "Half of the limit of write-ahead log is kept: the application's connections are delayed");
    }
    try {
      route.delay(delay, delay.isZero() ? Duration.ZERO : DELAY_LEASE);
      delaying = !delay.isZero();
    } catch (CloudDbException e) {
      LOG.warn(
          "Migration {}: the application cannot be slowed down: {}",
          run.settings.id(),
          e.getMessage());
    }
  }

  private void bound(long bytes, long limit) {
    if (bytes <= limit || passed) {
      return;
    }
    passed = true;
    Spilling spilling = run.spilling;
    String trouble = spilling == null ? "" : spilling.trouble();
    String reason =
        String.format(
            Locale.ROOT,
            "%,d bytes of write-ahead log were kept for the migration, more than the limit of %,d. %s",
            bytes,
            limit,
            trouble.isEmpty() ? "" : trouble + ". ");
    run.notifier.notice(reason);
    if (run.pastPointOfNoReturn()) {
      if (run.settings.reverses()) {
        run.requests.end(Requests.End.FINISH);
      }
      return;
    }
    // Not in this thread: it is the one that the end of the run waits for.
    Thread stopper = new Thread(() -> stop(reason), "clouddb-stop-" + run.settings.id());
    stopper.setDaemon(true);
    stopper.start();
  }

  private void stop(String reason) {
    try {
      active.abort(reason);
    } catch (CloudDbException e) {
      LOG.warn("Migration {} went on: {}", active.run.settings.id(), e.getMessage());
    }
  }

  /** The application is let go; after the last look at the log. */
  @Override
  public void close() {
    delay(Duration.ZERO);
  }
}
