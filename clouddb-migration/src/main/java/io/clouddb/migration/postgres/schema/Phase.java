/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

/** When in a migration an object is made on the target. */
public enum Phase {
  /**
   * What rows are written into: types, functions, sequences, bare tables, defaults; and who owns
   * and may do what.
   */
  BEFORE_DATA,
  /** What is cheaper to make over rows that are there: keys, indexes, checks. */
  AFTER_DATA,
  /** Foreign keys. */
  FOREIGN_KEYS,
  /** What only readers need: views, comments, policies. */
  LAST,
  /** What would fire when rows are written: triggers and rules. */
  TRIGGERS
}
