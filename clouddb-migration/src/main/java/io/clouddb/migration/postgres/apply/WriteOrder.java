/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.catalog.TableName;
import java.util.HashMap;
import java.util.Map;
import org.postgresql.replication.LogSequenceNumber;

/**
 * For which tables, and how long, changes are written in the order in which they came. It outlives
 * a session, since a new one begins with the changes that the last one could not write. Apply
 * thread only.
 */
final class WriteOrder {
  /** A table whose changes were refused so often is not tried again. */
  private static final int MAX_REFUSALS = 3;

  private record Kept(LogSequenceNumber until, int refusals) {}

  private final Map<TableName, Kept> tables = new HashMap<>();

  /** The changes of a table were refused, up to a transaction's commit. */
  void refused(TableName table, LogSequenceNumber until) {
    Kept before = tables.get(table);
    tables.put(table, new Kept(until, before == null ? 1 : before.refusals() + 1));
  }

  /** Whether a table's changes in a transaction keep their order. */
  boolean isKept(TableName table, LogSequenceNumber commit) {
    Kept kept = tables.get(table);
    return kept != null && (kept.refusals() >= MAX_REFUSALS || commit.compareTo(kept.until()) <= 0);
  }
}
