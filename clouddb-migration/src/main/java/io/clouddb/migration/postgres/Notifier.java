/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the listener one call at a time, and keeps what it throws from the migration. */
final class Notifier {
  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

  private final String id;
  private final MigrationListener listener;

  Notifier(String id, MigrationListener listener) {
    this.id = id;
    this.listener = listener;
  }

  void stepStarted(MigrationStep step) {
    LOG.info("Migration {}: {} begins", id, step);
    tell(() -> listener.stepStarted(step));
  }

  void stepFinished(MigrationStep step, Duration took, String summary) {
    LOG.info("Migration {}: {} took {} ms: {}", id, step, took.toMillis(), summary);
    tell(() -> listener.stepFinished(step, took, summary));
  }

  void stepFailed(MigrationStep step, String reason) {
    LOG.warn("Migration {}: {} failed: {}", id, step, reason);
    tell(() -> listener.stepFailed(step, reason));
  }

  void progress(MigrationProgress progress) {
    tell(() -> listener.progress(progress));
  }

  void notice(String message) {
    LOG.info("Migration {}: {}", id, message);
    tell(() -> listener.notice(message));
  }

  private synchronized void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.warn("The listener of the migration {} failed; the migration goes on", id, e);
    }
  }
}
