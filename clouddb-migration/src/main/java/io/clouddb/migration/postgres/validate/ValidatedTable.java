/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.catalog.TableName;
import java.util.List;

/**
 * What the comparison of one table said.
 *
 * @param table its name
 * @param sourceRows rows on the source
 * @param targetRows rows on the target
 * @param sourceDigest sum of the rows' hashes on the source, 16 hexadecimal digits; it depends on
 *     the columns' types and their order, and is comparable between passes over the same columns
 * @param targetDigest the same of the target
 * @param mismatchCount how many rows differ
 * @param exact false when so much differs that not all of it was looked at; then at least so many
 *     rows differ
 * @param mismatches the first of them
 */
public record ValidatedTable(
    TableName table,
    long sourceRows,
    long targetRows,
    String sourceDigest,
    String targetDigest,
    long mismatchCount,
    boolean exact,
    List<Mismatch> mismatches) {
  /** Keeps the list unmodifiable. */
  public ValidatedTable {
    mismatches = List.copyOf(mismatches);
  }

  /**
   * Whether both ends hold the same rows.
   *
   * @return true when nothing differs
   */
  public boolean same() {
    return mismatchCount == 0;
  }
}
