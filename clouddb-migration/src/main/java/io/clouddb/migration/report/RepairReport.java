/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.util.List;

/**
 * What a repair compared and did.
 *
 * @param migration the migration's id
 * @param position where in the source's log the rows stood that were written
 * @param rowsCompared rows of the source that were compared to find those that differ
 * @param tablesCompared how many tables that were
 * @param tables the tables of which rows differed; none when both sides were the same
 */
public record RepairReport(
    String migration,
    String position,
    long rowsCompared,
    int tablesCompared,
    List<RepairedRows> tables) {
  /**
   * What was done to one table of the target.
   *
   * @param table schema and name
   * @param deleted rows that were taken out, because the source has them otherwise or not at all
   * @param written rows of the source that were put in
   * @param rows the rows that differed, by key, or by their place where the table has none
   */
  public record RepairedRows(String table, long deleted, long written, List<String> rows) {
    /** Keeps the list unmodifiable. */
    public RepairedRows {
      rows = List.copyOf(rows);
    }
  }

  /** Keeps the list unmodifiable. */
  public RepairReport {
    tables = List.copyOf(tables);
  }

  /**
   * How many rows differed and are now as on the source.
   *
   * @return a number of rows of all tables
   */
  public long rowsRepaired() {
    return tables.stream().mapToLong(table -> table.rows().size()).sum();
  }
}
