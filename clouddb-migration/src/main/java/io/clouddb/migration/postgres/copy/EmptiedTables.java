/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Empties tables of the target, also where foreign keys stand that do not fire in the session.
 * TRUNCATE looks at the foreign keys all the same, by the tables that it is told: one of a
 * partitioned table stands in its way also when all the partitions are among them.
 */
public final class EmptiedTables {
  private static final String REFERRED_TO = "0A000";

  private EmptiedTables() {}

  /**
   * Empties them, all at once.
   *
   * @param target a session; in a transaction, which goes on, or in auto-commit mode
   * @param tables the tables that hold the rows themselves: ordinary ones and partitions
   * @throws SQLException when the database refuses
   */
  public static void empty(Connection target, Collection<TableName> tables) throws SQLException {
    if (tables.isEmpty()) {
      return;
    }
    boolean autoCommit = target.getAutoCommit();
    target.setAutoCommit(false);
    try (Statement statement = target.createStatement()) {
      Savepoint before = target.setSavepoint();
      try {
        // Not CASCADE: nothing else may go.
        statement.execute(
            tables.stream()
                .map(table -> "ONLY " + table.quoted())
                .collect(Collectors.joining(", ", "TRUNCATE ", "")));
        target.releaseSavepoint(before);
      } catch (SQLException e) {
        if (!REFERRED_TO.equals(e.getSQLState())) {
          throw e;
        }
        target.rollback(before);
        if (!inReplicaRole(statement)) {
          // ON DELETE CASCADE would reach further.
          throw e;
        }
        for (TableName table : tables) {
          statement.execute("DELETE FROM ONLY " + table.quoted());
        }
      }
      if (autoCommit) {
        target.commit();
      }
    } catch (SQLException e) {
      if (autoCommit) {
        target.rollback();
      }
      throw e;
    } finally {
      target.setAutoCommit(autoCommit);
    }
  }

  private static boolean inReplicaRole(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT pg_catalog.current_setting('session_replication_role')"
                + " OPERATOR(pg_catalog.=) 'replica'")) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
