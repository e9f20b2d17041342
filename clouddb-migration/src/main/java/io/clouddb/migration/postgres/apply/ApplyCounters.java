/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

/**
 * What was applied and is durable, since the applier was made.
 *
 * @param transactions transactions of the source
 * @param inserted rows inserted
 * @param updated rows updated
 * @param deleted rows deleted
 * @param truncated tables truncated
 * @param retries how often work was done again after a deadlock, a lost connection, or changes that
 *     the target takes only in their order
 */
public record ApplyCounters(
    long transactions, long inserted, long updated, long deleted, long truncated, long retries) {
  static final ApplyCounters NONE = new ApplyCounters(0, 0, 0, 0, 0, 0);

  /**
   * All changes of rows.
   *
   * @return rows inserted, updated and deleted
   */
  public long rows() {
    return inserted + updated + deleted;
  }

  ApplyCounters plus(ApplyCounters other) {
    return new ApplyCounters(
        transactions + other.transactions,
        inserted + other.inserted,
        updated + other.updated,
        deleted + other.deleted,
        truncated + other.truncated,
        retries + other.retries);
  }
}
