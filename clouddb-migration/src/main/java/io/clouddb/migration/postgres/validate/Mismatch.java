/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.catalog.TableName;

/**
 * A row that is not the same on both ends.
 *
 * @param table its table
 * @param kind how it differs
 * @param row its key, or where the table has none, the place ({@code ctid}) and the end where it is
 */
public record Mismatch(TableName table, Kind kind, String row) implements Comparable<Mismatch> {
  /** How a row differs. */
  public enum Kind {
    /** The source has it, the target does not. */
    MISSING,
    /** The target has it, the source does not. */
    EXTRA,
    /** Both have it, with other values. */
    DIFFERENT
  }

  @Override
  public int compareTo(Mismatch other) {
    int byTable = table.compareTo(other.table);
    return byTable != 0 ? byTable : row.compareTo(other.row);
  }

  /** For messages: {@code public.orders (4711) DIFFERENT}. */
  @Override
  public String toString() {
    return table + " " + row + " " + kind;
  }
}
