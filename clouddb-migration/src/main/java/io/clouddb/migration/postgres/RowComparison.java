/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ChangedKeys;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.validate.KeyComparison;
import io.clouddb.migration.postgres.validate.Mismatch;
import io.clouddb.migration.postgres.validate.ValidatedTable;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.migration.postgres.validate.ValidationResult;
import io.clouddb.migration.report.TableReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares both ends: all rows at one position while the application writes, and in the pause of
 * the cutover only the rows that changed since.
 */
final class RowComparison implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LISTED = 20;
  private static final int FEW_KEYS = 20_000;
  private static final int NARROWINGS = 2;

  private final MigrationRun run;
  private final Connection source;
  private final Connection target;

  private RowComparison(MigrationRun run, Connection source, Connection target) {
    this.run = run;
    this.source = source;
    this.target = target;
  }

  /** Opens the sessions that the pause needs, before the pause. */
  static RowComparison open(MigrationRun run) throws SQLException {
    Connection source = Validation.connect(run.source);
    try {
      return new RowComparison(run, source, Validation.connect(run.target));
    } catch (SQLException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /**
   * Compares all rows at one position.
   *
   * @throws CloudDbException of category DATA when a row differs
   */
  static ValidationResult everything(MigrationRun run) {
    ValidationResult result =
        Validation.between(run.source, run.target, run.settings.id())
            .workers(run.settings.connections())
            .patience(PATIENCE)
            .listed(LISTED)
            .build()
            .run(run.applier(), run.tables());
    for (ValidatedTable table : result.tables()) {
      run.validated.put(
          table.table().toString(),
          new TableReport(
              table.table().toString(),
              0,
              table.sourceRows(),
              table.sourceDigest(),
              table.targetDigest(),
              table.mismatchCount()));
    }
    if (!result.same()) {
      throw different(result.mismatchCount(), result.mismatches());
    }
    return result;
  }

  /**
   * Validates once more while the application writes, when so much has changed since the last time
   * that the pause would be long.
   */
  void narrow() {
    Applier applier = run.applier();
    for (int i = 0; i < NARROWINGS; i++) {
      applier.hold(PATIENCE);
      long changed;
      boolean whole;
      try {
        ChangedKeys keys = applier.drainChangedKeys();
        changed = count(keys);
        whole = !keys.wholeTables().isEmpty();
        applier.restoreChangedKeys(keys);
      } finally {
        applier.release();
      }
      if (changed <= FEW_KEYS && !whole) {
        return;
      }
      run.meter.activity = "validating what changed since the last validation";
      everything(run);
    }
  }

  private static long count(ChangedKeys keys) {
    return keys.keys().values().stream().mapToLong(Set::size).sum();
  }

  /**
   * Compares what changed since the last validation. The source is fenced and all of it is applied.
   *
   * @return how many rows were compared
   * @throws CloudDbException of category DATA when a row differs
   */
  long last() throws SQLException {
    Applier applier = run.applier();
    applier.hold(PATIENCE);
    ChangedKeys keys;
    try {
      keys = applier.drainChangedKeys();
    } finally {
      applier.release();
    }
    boolean same = false;
    try {
      List<Mismatch> mismatches = new ArrayList<>();
      KeyComparison.Result byKey = KeyComparison.compare(source, target, run.tables(), keys.keys());
      mismatches.addAll(byKey.mismatches());
      long compared = byKey.keys();
      long differing = byKey.mismatches().size();
      Set<TableName> whole = Set.copyOf(keys.wholeTables());
      List<Table> wholeTables =
          run.tables().stream().filter(table -> whole.contains(table.name())).toList();
      for (ValidatedTable table : Validation.compareTables(source, target, wholeTables, LISTED)) {
        compared += table.sourceRows();
        differing += table.mismatchCount();
        mismatches.addAll(table.mismatches());
      }
      if (differing > 0) {
        throw different(differing, mismatches);
      }
      same = true;
      return compared;
    } finally {
      if (!same) {
        applier.restoreChangedKeys(keys);
      }
    }
  }

  private static CloudDbException different(long count, List<Mismatch> mismatches) {
    return ErrorDetails.of(
            ErrorCategory.DATA,
            count
                + " rows differ between source and target: "
                + mismatches.stream()
                    .limit(LISTED)
                    .map(Mismatch::toString)
                    .collect(Collectors.joining(", ")))
        .nextStep("Find out who else writes to the target. The source is as it was.")
        .toException();
  }

  @Override
  public void close() throws SQLException {
    try {
      source.close();
    } finally {
      target.close();
    }
  }
}
