/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A hold of what a database can be made again from, as it was at any moment since its start. While
 * somebody has one, that stays when the database is closed.
 */
interface DatabaseArchive extends AutoCloseable {
  /**
   * Starts a new database with the data of a moment.
   *
   * @param moment in real time
   * @param version PostgreSQL's major version
   * @param parameters in the cloud's own names
   * @param tlsOnly whether connections without TLS are refused; empty for what the parameters say
   * @param port which it listens at; 0 for a free one
   */
  ManagedDatabase restore(
      Instant moment,
      int version,
      Map<String, String> parameters,
      Optional<Boolean> tlsOnly,
      int port);

  /** Another hold of the same. */
  DatabaseArchive again();

  /** Lets go of it; does nothing the second time. */
  @Override
  void close();
}
