/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.util.Objects;
import java.util.Optional;

/**
 * What became of one table.
 *
 * @param table schema and name
 * @param copy how it was copied; empty when it was not
 * @param rowsValidated rows that were compared, counted on the source
 * @param sourceDigest digest of all rows on the source at the position of the validation; empty
 *     when it was not validated
 * @param targetDigest the same on the target
 * @param mismatches rows that differ, are missing or are too many
 */
public record TableReport(
    String table,
    Optional<CopyReport> copy,
    long rowsValidated,
    String sourceDigest,
    String targetDigest,
    long mismatches) {
  /** Checks that nothing is missing. */
  public TableReport {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(copy, "copy");
    Objects.requireNonNull(sourceDigest, "sourceDigest");
    Objects.requireNonNull(targetDigest, "targetDigest");
  }

  /**
   * Rows that the copy brought over.
   *
   * @return the number, 0 when the table was not copied
   */
  public long rowsCopied() {
    return copy.map(CopyReport::rows).orElse(0L);
  }
}
