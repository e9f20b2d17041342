/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

/** What a consistent read of a table sees of writes in other regions. */
public enum TableConsistency {
  /** All that was written in its own region; of other regions, what has arrived. */
  REGIONAL,
  /** All that was written in any region. */
  GLOBAL
}
