/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.util.Objects;

/**
 * What became of one table.
 *
 * @param table schema and name
 * @param rowsCopied rows that the copy brought over
 * @param rowsValidated rows that were compared, counted on the source
 * @param sourceDigest digest of all rows on the source at the position of the validation; empty
 *     when it was not validated
 * @param targetDigest the same on the target
 * @param mismatches rows that differ, are missing or are too many
 */
public record TableReport(
    String table,
    long rowsCopied,
    long rowsValidated,
    String sourceDigest,
    String targetDigest,
    long mismatches) {
  /** Checks that nothing is missing. */
  public TableReport {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(sourceDigest, "sourceDigest");
    Objects.requireNonNull(targetDigest, "targetDigest");
  }
}
