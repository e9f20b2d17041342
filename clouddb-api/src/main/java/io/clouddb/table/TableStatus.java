/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

/** What becomes of a table, of an index or of a region of one. */
public enum TableStatus {
  /** It is being made. */
  CREATING,
  /** It is there. */
  ACTIVE,
  /** It is there, and is being changed. */
  UPDATING,
  /** It is being deleted. */
  DELETING,
  /**
   * It cannot be used, as where its key cannot and the vendor's object says why; or its region does
   * not answer.
   */
  INACCESSIBLE
}
