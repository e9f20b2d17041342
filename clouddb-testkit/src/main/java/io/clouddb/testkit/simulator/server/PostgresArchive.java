/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a PostgreSQL of a cloud can be made again from. */
final class PostgresArchive implements DatabaseArchive {
  @Override
  public ManagedDatabase restore(
      Instant moment,
      int version,
      Map<String, String> parameters,
      Optional<Boolean> tlsOnly,
      int port) {
    throw new UnsupportedOperationException("Not restored yet");
  }

  @Override
  public DatabaseArchive again() {
    return new PostgresArchive();
  }

  @Override
  public void close() {}
}
