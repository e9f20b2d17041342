/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

/** How storage and requests of a table are priced against each other. */
public enum TableClass {
  /** As usual. */
  STANDARD,
  /** Cheaper storage and dearer requests, for what is seldom read. */
  INFREQUENT_ACCESS
}
