/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.DeadlineException;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.validate.ValidationResult;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.CopyReport;
import java.util.Locale;

/** Compares all rows at one position, while the application writes. */
final class ValidateTask implements MigrationTask {
  private static final int ATTEMPTS = 20;

  @Override
  public MigrationStep step() {
    return MigrationStep.VALIDATE;
  }

  @Override
  public Done run(MigrationRun run) {
    long estimated =
        run.tables().stream()
            .filter(table -> table.kind() == Table.Kind.ORDINARY)
            .mapToLong(Table::estimatedRows)
            .sum();
    long copied = run.copied.values().stream().mapToLong(CopyReport::rows).sum();
    run.meter.estimated = Math.max(estimated, copied);
    run.meter.activity = "comparing all rows";
    ValidationResult result = validate(run);
    run.meter.rowsValidated.set(result.rows());
    return Done.of(
        String.format(
            Locale.ROOT,
            "%,d rows of %d tables are the same at %s; the applier stood still for %d ms",
            result.rows(),
            result.tables().size(),
            result.position().asString(),
            result.held().toMillis()));
  }

  /** An open write transaction keeps the snapshot from being taken, and may be a long one. */
  private static ValidationResult validate(MigrationRun run) {
    for (int attempt = 1; ; attempt++) {
      run.meter.rowsValidated.set(0);
      try {
        return RowComparison.everything(run, run.forward());
      } catch (DeadlineException e) {
        run.checkAborted();
        run.checkApplier();
        if (attempt == ATTEMPTS) {
          throw e;
        }
        run.notifier.notice("The validation waits: " + e.details().message());
      }
    }
  }
}
