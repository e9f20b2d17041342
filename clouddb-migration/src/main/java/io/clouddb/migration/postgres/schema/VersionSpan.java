/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

/**
 * The versions of the servers between which a schema is carried or compared. What only one of them
 * can say is left out of what both are asked.
 *
 * @param lowest the lower major version
 * @param highest the higher major version
 */
record VersionSpan(int lowest, int highest) {
  static VersionSpan of(int one, int other) {
    return new VersionSpan(Math.min(one, other), Math.max(one, other));
  }

  /** From 18 on a NOT NULL has a name. */
  boolean namesNotNull() {
    return lowest >= 18;
  }

  /**
   * From 17 on a partition's identity columns are its parent's; before, each could have its own.
   */
  boolean partitionsHaveOwnIdentity() {
    return highest < 17;
  }

  /** From 15 on a sequence can be unlogged; before, that of an unlogged table is logged. */
  boolean hasUnloggedSequences() {
    return lowest >= 15;
  }
}
