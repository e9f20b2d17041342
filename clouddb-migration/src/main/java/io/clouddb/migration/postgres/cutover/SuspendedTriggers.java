/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Switches triggers and rules off that would fire when changes are applied, and on again as they
 * were. How each was is kept in {@code clouddb_migration.suspended}, written in the transaction
 * that switches it off, so that no crash forgets it.
 */
public final class SuspendedTriggers {
  private static final String SCHEMA = TableName.quote(WriteFence.SCHEMA);
  private static final String TABLE = SCHEMA + ".suspended";

  private static final String IN_STATE =
      """
      SELECT 'TRIGGER', n.nspname, c.relname, t.tgname, t.tgenabled::text
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace
       WHERE NOT t.tgisinternal AND c.relkind IN ('r', 'p') AND fn.nspname <> 'clouddb_migration'
         AND t.tgenabled::text = ANY (?)
      UNION ALL
      SELECT 'RULE', n.nspname, c.relname, r.rulename, r.ev_enabled::text
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND r.ev_enabled::text = ANY (?)
      ORDER BY 2, 3, 1, 4
      """;

  private final String migrationId;

  private record Suspended(String kind, TableName table, String name, String state) {
    String change(String verb) {
      return "ALTER TABLE "
          + (kind.equals("TRIGGER") ? "ONLY " : "")
          + table.quoted()
          + " "
          + verb
          + " "
          + kind
          + " "
          + TableName.quote(name);
    }

    String resumption() {
      return switch (state) {
        case "A" -> "ENABLE ALWAYS";
        case "R" -> "ENABLE REPLICA";
        default -> "ENABLE";
      };
    }
  }

  /**
   * Describes them; nothing is done yet.
   *
   * @param migrationId the migration's id
   */
  public SuspendedTriggers(String migrationId) {
    this.migrationId = Objects.requireNonNull(migrationId, "migrationId");
  }

  /**
   * Switches off what would fire. Can be done again.
   *
   * @param connection a session of the role that owns the tables; in auto-commit mode
   * @param tables the tables, the partitioned ones and each of their partitions
   * @param replicaRole whether the changes are applied in replica role: only what is enabled for
   *     that fires then
   * @return how many were switched off now
   * @throws SQLException when the database refuses
   */
  public int suspend(Connection connection, List<TableName> tables, boolean replicaRole)
      throws SQLException {
    Set<TableName> ours = Set.copyOf(tables);
    List<Suspended> firing =
        inState(connection, "A", replicaRole ? "R" : "O").stream()
            .filter(one -> ours.contains(one.table))
            .toList();
    if (firing.isEmpty()) {
      return 0;
    }
    connection.setAutoCommit(false);
    try (Statement ddl = connection.createStatement()) {
      ddl.execute("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
      ddl.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (migration text, kind text, table_schema text, table_name text, name text,"
              + " state text NOT NULL,"
              + " PRIMARY KEY (migration, kind, table_schema, table_name, name))");
      for (Suspended one : firing) {
        keep(connection, one);
        ddl.execute(one.change("DISABLE"));
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
    return firing.size();
  }

  private static List<Suspended> inState(Connection connection, String... states)
      throws SQLException {
    List<Suspended> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(IN_STATE)) {
      select.setArray(1, connection.createArrayOf("text", states));
      select.setArray(2, connection.createArrayOf("text", states));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(suspended(row));
        }
      }
    }
    return found;
  }

  private static Suspended suspended(ResultSet row) throws SQLException {
    return new Suspended(
        row.getString(1),
        new TableName(row.getString(2), row.getString(3)),
        row.getString(4),
        row.getString(5));
  }

  private void keep(Connection connection, Suspended one) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO "
                + TABLE
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT"
                + " (migration, kind, table_schema, table_name, name)"
                + " DO UPDATE SET state = excluded.state")) {
      insert.setString(1, migrationId);
      insert.setString(2, one.kind);
      insert.setString(3, one.table.schema());
      insert.setString(4, one.table.name());
      insert.setString(5, one.name);
      insert.setString(6, one.state);
      insert.executeUpdate();
    }
  }

  /**
   * Switches on again what {@link #suspend} switched off, each as it was, and removes the notes.
   * Can be done again. What was dropped meanwhile is left out.
   *
   * @param connection a session of the role that owns the tables; in auto-commit mode
   * @return how many were switched on
   * @throws SQLException when the database refuses
   */
  public int resume(Connection connection) throws SQLException {
    List<Suspended> suspended = kept(connection);
    Set<Suspended> off = Set.copyOf(inState(connection, "D"));
    List<Suspended> resumed =
        suspended.stream()
            .filter(one -> off.contains(new Suspended(one.kind, one.table, one.name, "D")))
            .toList();
    connection.setAutoCommit(false);
    try (Statement ddl = connection.createStatement()) {
      // At once, however many they are: an application may be waiting.
      for (Suspended one : resumed) {
        ddl.addBatch(one.change(one.resumption()));
      }
      ddl.executeBatch();
      forget(connection);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
    return resumed.size();
  }

  private List<Suspended> kept(Connection connection) throws SQLException {
    List<Suspended> found = new ArrayList<>();
    if (!exists(connection)) {
      return found;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT kind, table_schema, table_name, name, state FROM "
                + TABLE
                + " WHERE migration = ? ORDER BY 2, 3, 1, 4")) {
      select.setString(1, migrationId);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(suspended(row));
        }
      }
    }
    return found;
  }

  /** Deletes the notes, and the table with the last migration's. */
  private void forget(Connection connection) throws SQLException {
    if (!exists(connection)) {
      return;
    }
    try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM " + TABLE + " WHERE migration = ?");
        Statement ddl = connection.createStatement()) {
      delete.setString(1, migrationId);
      delete.executeUpdate();
      ddl.execute(
          "DO $$ BEGIN IF NOT EXISTS (SELECT FROM "
              + TABLE
              + ") THEN DROP TABLE "
              + TABLE
              + "; END IF; END $$");
    }
  }

  private static boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement question =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      question.setString(1, TABLE);
      try (ResultSet row = question.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
