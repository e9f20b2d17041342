/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.stream.TupleData;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A change of one row.
 *
 * @param shape what it has in common with others
 * @param wanted the row that it looks for; null for an insert
 * @param row the row after it; null for a delete
 */
record RowChange(Shape shape, @Nullable TupleData wanted, @Nullable TupleData row) {
  /** A row from this size on travels by itself: what is sent together is held in memory. */
  private static final int LARGE_BYTES = 1 << 20;

  /** What is done to the row. REPLACE is a DELETE and an INSERT in one statement. */
  enum Kind {
    INSERT,
    UPDATE,
    REPLACE,
    DELETE
  }

  /**
   * Changes of the same shape share a statement.
   *
   * @param kind what is done
   * @param assigned the columns that an update sets
   * @param nulls the columns of the wanted row that are NULL, where it is found by all of them
   */
  record Shape(Kind kind, BitSet assigned, BitSet nulls) {}

  boolean isLarge() {
    return size(wanted) >= LARGE_BYTES || size(row) >= LARGE_BYTES;
  }

  private static int size(@Nullable TupleData tuple) {
    return tuple == null ? 0 : tuple.messageBytes();
  }
}
