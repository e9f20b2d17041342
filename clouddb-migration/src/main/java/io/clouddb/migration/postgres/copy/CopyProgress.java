/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.catalog.TableName;

/** Hears how the copy goes on. Called from the copy's threads, several at once. */
public interface CopyProgress {
  /** Hears nothing. */
  CopyProgress NONE = new CopyProgress() {};

  /**
   * The tables are divided; the copy begins.
   *
   * @param chunks how many parts there are
   */
  default void planned(int chunks) {}

  /** The sessions that copy hold locks of their own on all tables. */
  default void locked() {}

  /** A part was sent. */
  default void chunkFinished() {}

  /**
   * Rows have been sent; they are durable when {@link #tableFinished} comes.
   *
   * @param table the table
   * @param rows how many rows were sent since the last call for it; negative when fewer had been
   *     sent than was thought
   * @param bytes how many bytes were sent since the last call for it
   */
  default void copied(TableName table, long rows, long bytes) {}

  /**
   * A table is complete and durable on the target.
   *
   * @param copied the table and its numbers
   */
  default void tableFinished(CopiedTable copied) {}
}
