/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.report.MigrationReport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A run under way in this process, for the other threads: from its beginning to its report. */
final class ActiveRun {
  final MigrationRun run;
  private final CountDownLatch unwinding = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable MigrationReport report;

  ActiveRun(MigrationRun run) {
    this.run = run;
  }

  /** The steps are over: what comes now is not to be interrupted. */
  void unwinding() {
    unwinding.countDown();
  }

  /** The run has this report. */
  void report(MigrationReport result) {
    report = result;
  }

  /** The run is over, with or without a report. */
  void ended() {
    unwinding.countDown();
    ended.countDown();
  }

  /** Stops the run from another thread, and waits until it has undone what it did. */
  MigrationReport abort(String reason) {
    run.requests.abort(reason);
    run.pace.resume();
    try {
      // What the steps wait for is in their sessions; a step may open another before it looks.
      while (!unwinding.await(500, TimeUnit.MILLISECONDS)) {
        OwnSessions.endAll(run.settings);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return awaitReport();
  }

  MigrationReport awaitReport() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    MigrationReport result = report;
    if (result == null) {
      throw ErrorDetails.of(ErrorCategory.OTHER, "The run ended without a report")
          .nextStep("See what it threw; then abort again.")
          .toException();
    }
    return result;
  }

  private static CloudDbException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted while the migration stopped")
        .nextStep("It goes on stopping; see its state.")
        .toException(e);
  }
}
