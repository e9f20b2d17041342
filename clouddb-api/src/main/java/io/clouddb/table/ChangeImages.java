/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

/** What an entry of a table's change feed has of an item that changes. */
public enum ChangeImages {
  /** Its key. */
  KEYS_ONLY,
  /** The item as it is now. */
  NEW,
  /** The item as it was. */
  OLD,
  /** Both. */
  NEW_AND_OLD
}
