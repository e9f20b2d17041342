/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

/** In which regions of a table items are written. */
public enum Writes {
  /**
   * In the first region of the table alone; from the others, writes are refused or brought there.
   */
  ONE_REGION,
  /**
   * In each region. Of two writes of an item in two regions at about the same time one is lost: the
   * last writer wins. Conditions and versions see the item as it is in their region, so that they
   * protect from nothing that is written elsewhere; a version attribute is refused.
   */
  ANY_REGION
}
