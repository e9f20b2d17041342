/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.route.Route;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** What is particular when one of the two sides takes the application over. */
interface Takeover {
  /** From the side that has the application to the one that takes it over. */
  Direction direction();

  /** The side that takes it over. */
  Route.Side side();

  /** Before the pause, while the application writes. */
  void prepare(Connection from, Connection to) throws SQLException;

  /**
   * In the pause, when nobody writes any more: refuses what the side that takes over would lack.
   *
   * @param limit how long to wait for those who are making tables
   */
  void requireAllCarried(Connection from, Duration limit) throws SQLException;

  /** In the pause: makes what changes could not be applied with. The applier is held. */
  void complete(Connection from, Connection to) throws SQLException;

  /**
   * After a pause that did not come to the decision: takes back whatever {@link #complete} did, so
   * that changes can be applied again. The sessions of the pause may be lost.
   *
   * @param limit how long to wait for each lock
   */
  void undo(Duration limit) throws SQLException;

  /** Called by another thread when the time of the pause has passed: ends its own sessions. */
  default void cancel() {}

  /**
   * Journals the decision; it cannot be taken back. What fails says whether it is in the journal
   * all the same.
   */
  void decide(Map<String, String> facts);

  /** Whether the decision is in the journal, or perhaps is. */
  boolean decided();

  /** After the decision, before the application comes: lets it write. */
  void open(Connection to) throws SQLException;
}
