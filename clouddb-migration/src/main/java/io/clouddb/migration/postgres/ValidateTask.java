/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.validate.ValidationResult;
import io.clouddb.migration.progress.MigrationStep;
import java.util.Locale;

/** Compares all rows at one position, while the application writes. */
final class ValidateTask implements MigrationTask {
  @Override
  public MigrationStep step() {
    return MigrationStep.VALIDATE;
  }

  @Override
  public Done run(MigrationRun run) {
    run.meter.activity = "comparing all rows";
    run.meter.estimated =
        run.tables().stream()
            .filter(table -> table.kind() == Table.Kind.ORDINARY)
            .mapToLong(Table::estimatedRows)
            .sum();
    ValidationResult result = RowComparison.everything(run);
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
}
