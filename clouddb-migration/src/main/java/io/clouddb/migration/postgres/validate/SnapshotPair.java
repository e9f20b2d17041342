/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection to each end, each in a transaction on the snapshot that is compared. */
final class SnapshotPair implements AutoCloseable {
  final Connection source;
  final Connection target;

  private SnapshotPair(Connection source, Connection target) {
    this.source = source;
    this.target = target;
  }

  static SnapshotPair connect(ConnectionDetails source, ConnectionDetails target)
      throws SQLException {
    Connection left = Validation.connect(source);
    try {
      return new SnapshotPair(left, Validation.connect(target));
    } catch (SQLException | RuntimeException e) {
      left.close();
      throw e;
    }
  }

  /** Begins on a snapshot: an exported one, or a new one as of now. */
  static void begin(Connection end, @Nullable String snapshot) throws SQLException {
    end.setAutoCommit(false);
    end.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    end.setReadOnly(true);
    try (Statement statement = end.createStatement()) {
      statement.execute(
          snapshot == null
              // Any query takes the snapshot; BEGIN alone does not.
              ? "SELECT 1"
              : "SET TRANSACTION SNAPSHOT '" + snapshot.replace("'", "''") + "'");
    }
  }

  static String export(Connection end) throws SQLException {
    try (Statement statement = end.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_catalog.pg_export_snapshot()")) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Which file a table is in: it changes with TRUNCATE and rewrites, which ignore snapshots. */
  static long fileOf(Connection end, TableName table) throws SQLException {
    try (PreparedStatement statement =
        end.prepareStatement(
            "SELECT pg_catalog.pg_relation_filenode(pg_catalog.to_regclass(?))::bigint")) {
      statement.setString(1, table.quoted());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /** The files of several tables, by {@link #fileOf}. */
  static Map<TableName, Long> files(Connection end, Collection<Table> tables) throws SQLException {
    Map<TableName, Long> files = new HashMap<>();
    for (Table table : tables) {
      files.put(table.name(), fileOf(end, table.name()));
    }
    return files;
  }

  @Override
  public void close() throws SQLException {
    try {
      source.close();
    } finally {
      target.close();
    }
  }
}
