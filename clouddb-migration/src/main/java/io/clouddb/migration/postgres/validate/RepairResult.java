/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import java.time.Duration;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What a repair did.
 *
 * @param position where in the source's log the rows were read that were written to the target
 * @param tables the tables of which rows differed, in the order of their names; none when nothing
 *     had to be repaired
 * @param comparedRows rows of the source that were compared to find them
 * @param comparedTables how many tables that were
 * @param held for how long the applier stood still for the repair itself
 */
public record RepairResult(
    LogSequenceNumber position,
    List<RepairedTable> tables,
    long comparedRows,
    int comparedTables,
    Duration held) {
  /** Keeps the list unmodifiable. */
  public RepairResult {
    tables = List.copyOf(tables);
  }

  /**
   * How many rows differed and are now as on the source.
   *
   * @return a number of rows of all tables
   */
  public long rows() {
    return tables.stream().mapToLong(table -> table.rows().size()).sum();
  }
}
