/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, while the source is kept current, of what was made, altered or dropped on the target and
 * would refuse a rollback: at that moment it is easily done on the source too. Used by one thread.
 */
final class TargetWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);

  /** A look takes the servers a fiftieth of the time at most, however many tables there are. */
  private static final int REST = 50;

  private final MigrationRun run;
  private final Set<String> told = new HashSet<>();
  private long next = System.nanoTime();

  TargetWatch(MigrationRun run) {
    this.run = run;
  }

  /** Looks, unless it did a short while ago. */
  void look() {
    long began = System.nanoTime();
    if (began - next < 0) {
      return;
    }
    try {
      for (String change : TargetChanges.read(run).uncarried()) {
        if (told.add(change)) {
          run.notifier.notice(
              "A rollback would be refused: on the target "
                  + change
                  + ". The changes that come back do not bring that; do the same on the source, undo"
                  + " it, or finish the migration");
        }
      }
    } catch (SQLException | CloudDbException e) {
      LOG.debug("Migration {}: the target could not be looked at", run.settings.id(), e);
    }
    long now = System.nanoTime();
    next = now + (now - began) * REST;
  }
}
