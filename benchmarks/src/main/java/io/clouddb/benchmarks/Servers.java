/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A source and a target of the same settings, for all contestants of a benchmark. */
final class Servers implements AutoCloseable {
  private final EmbeddedPostgres source;
  private final EmbeddedPostgres target;

  private Servers(EmbeddedPostgres source, EmbeddedPostgres target) {
    this.source = source;
    this.target = target;
  }

  static Servers start() {
    EmbeddedPostgres source = server();
    try {
      return new Servers(source, server());
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private static EmbeddedPostgres server() {
    return EmbeddedPostgres.builder()
        .version(15)
        .setting("wal_level", "logical")
        .setting("max_wal_size", "8GB")
        .setting("shared_buffers", "512MB")
        .setting("maintenance_work_mem", "256MB")
        .setting("checkpoint_timeout", "30min")
        .setting("max_replication_slots", "40")
        .setting("max_wal_senders", "40")
        // A subscription that ended just before must not make the next one wait.
        .setting("wal_retrieve_retry_interval", "10ms")
        .start();
  }

  ConnectionDetails source() {
    return source.superuser();
  }

  ConnectionDetails target() {
    return target.superuser();
  }

  /** Another database of the same server. */
  static ConnectionDetails database(ConnectionDetails server, String name) {
    return server.toBuilder().database(name).build();
  }

  static void execute(ConnectionDetails server, String... statements) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static String query(ConnectionDetails server, String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  @Override
  public void close() {
    try {
      source.close();
    } finally {
      target.close();
    }
  }
}
