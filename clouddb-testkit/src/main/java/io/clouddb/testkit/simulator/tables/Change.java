/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to an item of a table.
 *
 * @param sequence counts the table's changes, from one
 * @param at when, by the table's clock; what has expired has gone when it was due, whenever
 *     somebody sees that
 * @param key which item
 * @param before what it was; null when there was none
 * @param after what it is; null when it is no more
 * @param origin who has changed it
 */
public record Change(
    long sequence,
    Instant at,
    ItemKey key,
    @Nullable StoredItem before,
    @Nullable StoredItem after,
    Origin origin) {
  /** Who has changed an item. */
  public enum Origin {
    /** Who uses the table. */
    USER,
    /** The table, since the item's time to live is over. */
    EXPIRY,
    /** A replica elsewhere, whose change this is. */
    REPLICATION
  }

  /** Hears of changes, in their order. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Is told of a change, while the table is locked: it keeps it and returns.
     *
     * @param change the change
     */
    void changed(Change change);
  }
}
