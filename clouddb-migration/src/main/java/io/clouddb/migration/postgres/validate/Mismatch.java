/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.TableName;
import java.util.Optional;

/**
 * A row that is not the same on both ends.
 *
 * @param table its table
 * @param kind how it differs
 * @param row its key, or where the table has none, the place ({@code ctid}) and the end where it is
 * @param key its key, empty where the table has none
 * @param hash where the table has no key, the hash of the whole row, by which alike rows are found;
 *     otherwise 0
 */
public record Mismatch(TableName table, Kind kind, String row, Optional<RowKey> key, long hash)
    implements Comparable<Mismatch> {
  /** How a row differs. */
  public enum Kind {
    /** The source has it, the target does not. */
    MISSING,
    /** The target has it, the source does not. */
    EXTRA,
    /** Both have it, with other values. */
    DIFFERENT
  }

  /**
   * A row that has a key.
   *
   * @param table its table
   * @param kind how it differs
   * @param key its key
   * @return the mismatch
   */
  public static Mismatch of(TableName table, Kind kind, RowKey key) {
    return new Mismatch(table, kind, key.toString(), Optional.of(key), 0);
  }

  static Mismatch withoutKey(TableName table, Kind kind, String place, long hash) {
    return new Mismatch(
        table,
        kind,
        "ctid " + place + (kind == Kind.EXTRA ? " on the target" : " on the source"),
        Optional.empty(),
        hash);
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
