/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.route.Route;
import java.sql.Connection;
import java.sql.SQLException;
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
   * In the pause, when nobody writes any more: whether the side that takes over can have it all.
   */
  void fenced(Connection from) throws SQLException;

  /** In the pause: makes what changes could not be applied with. Applying is over from here on. */
  void complete(Connection from, Connection to) throws SQLException;

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
