/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.postgres.validate.Repair;
import io.clouddb.migration.postgres.validate.RepairResult;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.RepairReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Repairs the target of a migration between two of its runs. */
final class RepairRun {
  // The applier stands still meanwhile.
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 20;

  private final MigrationSettings settings;
  private final History history;

  RepairRun(MigrationSettings settings, History history) {
    this.settings = settings;
    this.history = history;
  }

  RepairReport run() {
    requireCopied();
    MigrationRun run = new MigrationRun(settings, history);
    try {
      Recovery.recover(run);
      run.readTables();
      // The target has to be close behind first: the applier is held while it catches up.
      MigrationTask.Done caughtUp = new CdcTask().run(run);
      run.notifier.notice("Before the repair: " + caughtUp.details());
      RepairReport report = report(repair(run));
      history.repaired(
          Map.of("rows", Long.toString(report.rowsRepaired()), "position", report.position()));
      run.notifier.notice(
          String.format(
              Locale.ROOT,
              "Repaired %,d rows; %,d rows of %d tables were compared",
              report.rowsRepaired(),
              report.rowsCompared(),
              report.tablesCompared()));
      return report;
    } catch (SQLException e) {
      throw SqlFailure.of("repairing", e);
    } finally {
      run.close();
    }
  }

  private void requireCopied() {
    if (!history.underWay()) {
      throw history.nothingTo("repair", settings.id());
    }
    new JournalledEnds(settings, history).requireBoth();
    if (history.pastPointOfNoReturn()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The application works on the target already; nothing was repaired")
          .nextStep("Run the migration again to finish it.")
          .toException();
    }
    if (!history.finished(MigrationStep.SYNC)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The copy is not finished, so there is nothing to repair yet")
          .nextStep("Run the migration again.")
          .toException();
    }
  }

  /** An open write transaction keeps the snapshot from being taken, and may be a long one. */
  private RepairResult repair(MigrationRun run) {
    Repair repair =
        Repair.between(run.source, run.target, settings.id())
            .workers(settings.connections())
            .patience(PATIENCE)
            .mark(run.markOnTarget())
            .trusting(settings.trustedCode())
            .build();
    for (int attempt = 1; ; attempt++) {
      try {
        return repair.run(run.forward().applier(), run.tables());
      } catch (DeadlineException e) {
        run.checkApplier();
        if (attempt == ATTEMPTS) {
          throw e;
        }
        run.notifier.notice("The repair waits: " + e.details().message());
      }
    }
  }

  private RepairReport report(RepairResult result) {
    return new RepairReport(
        settings.id(),
        result.position().asString(),
        result.comparedRows(),
        result.comparedTables(),
        result.tables().stream()
            .map(
                table ->
                    new RepairReport.RepairedRows(
                        table.table().toString(),
                        table.deleted(),
                        table.written(),
                        table.rows().stream().map(row -> row.row() + " " + row.kind()).toList()))
            .toList());
  }
}
