/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the log that a server keeps for the migration: a slot keeps it from being recycled, and a
 * full disk stops the application. Before the switch the migration gives way; after it the way back
 * does.
 */
final class RetainedWal {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedWal.class);

  private final ActiveRun active;
  private final AtomicBoolean passed = new AtomicBoolean();

  RetainedWal(ActiveRun active) {
    this.active = active;
  }

  /** Looks at what is kept now. */
  void seen(long bytes) {
    MigrationRun run = active.run;
    long limit = run.settings.retainedWalLimit();
    if (limit == 0 || bytes <= limit || !passed.compareAndSet(false, true)) {
      return;
    }
    String reason =
        String.format(
            Locale.ROOT,
            "%,d bytes of write-ahead log were kept for the migration, more than the limit of %,d. ",
            bytes,
            limit);
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
}
