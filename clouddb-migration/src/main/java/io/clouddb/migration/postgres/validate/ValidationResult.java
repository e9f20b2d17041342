/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import java.time.Duration;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What a pass over all tables said.
 *
 * @param position where in the source's log both ends were compared
 * @param tables the tables in the order of their names
 * @param held for how long the applier stood still, the creation of the slot included
 * @param duration of the whole pass
 */
public record ValidationResult(
    LogSequenceNumber position, List<ValidatedTable> tables, Duration held, Duration duration) {
  /** Keeps the list unmodifiable. */
  public ValidationResult {
    tables = List.copyOf(tables);
  }

  /**
   * Whether both ends hold the same rows in all tables.
   *
   * @return true when nothing differs
   */
  public boolean same() {
    return tables.stream().allMatch(ValidatedTable::same);
  }

  /**
   * How many rows of the source were compared.
   *
   * @return a number of rows
   */
  public long rows() {
    return tables.stream().mapToLong(ValidatedTable::sourceRows).sum();
  }

  /**
   * How many rows differ; at least so many when a table's number is not exact.
   *
   * @return a number of rows
   */
  public long mismatchCount() {
    return tables.stream().mapToLong(ValidatedTable::mismatchCount).sum();
  }

  /**
   * The differing rows that are listed.
   *
   * @return the first of each table
   */
  public List<Mismatch> mismatches() {
    return tables.stream().flatMap(table -> table.mismatches().stream()).toList();
  }
}
