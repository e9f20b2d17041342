/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.postgres.WalArchive;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a PostgreSQL of a cloud can be made again from.
 *
 * @param source the database, which may be closed
 * @param log its log
 */
record PostgresArchive(PostgresDatabase source, WalArchive log) implements DatabaseArchive {
  @Override
  public ManagedDatabase restore(
      Instant moment,
      int version,
      Map<String, String> parameters,
      Optional<Boolean> tlsOnly,
      int port) {
    return source.restore(log.restore().until(moment).port(port), version, parameters, tlsOnly);
  }

  @Override
  public DatabaseArchive again() {
    return new PostgresArchive(source, log.hold());
  }

  @Override
  public void close() {
    log.close();
  }
}
