/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.catalog.TableName;
import java.util.List;

/**
 * What a repair did to one table of the target.
 *
 * @param table its name
 * @param deleted rows that were taken out, because the source has them otherwise or not at all
 * @param written rows of the source that were put in
 * @param rows the rows that differed, all of them
 */
public record RepairedTable(TableName table, long deleted, long written, List<Mismatch> rows) {
  /** Keeps the list unmodifiable. */
  public RepairedTable {
    rows = List.copyOf(rows);
  }
}
