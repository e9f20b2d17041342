/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The target did not take changes that were written in another order than the source's, or one of
 * them did not hit exactly one row. Nothing of it stays: the same changes are to be written in
 * their own order, which succeeds or names the row.
 */
final class RearrangedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient TableName table;

  RearrangedException(TableName table, @Nullable SQLException cause) {
    super("Changes of " + table + " are to be written in their order", cause);
    this.table = table;
  }

  TableName table() {
    return table;
  }
}
