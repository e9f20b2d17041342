/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.migration.postgres.catalog.OwnSchema;
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
  private static final String NAME = "suspended";
  private static final String TABLE = OwnSchema.NAME + "." + NAME;

  private static final String IN_STATE =
      """
      SELECT 'TRIGGER', n.nspname, c.relname, t.tgname, t.tgenabled::pg_catalog.text
        FROM pg_catalog.pg_trigger t
        JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) t.tgrelid
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
        JOIN pg_catalog.pg_proc f ON f.oid OPERATOR(pg_catalog.=) t.tgfoid
        JOIN pg_catalog.pg_namespace fn ON fn.oid OPERATOR(pg_catalog.=) f.pronamespace
       WHERE NOT t.tgisinternal
         AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p}'::pg_catalog."char"[])
         AND fn.nspname OPERATOR(pg_catalog.<>) 'clouddb_migration'
         AND t.tgenabled::pg_catalog.text OPERATOR(pg_catalog.=) ANY (?)
      UNION ALL
      SELECT 'RULE', n.nspname, c.relname, r.rulename, r.ev_enabled::pg_catalog.text
        FROM pg_catalog.pg_rewrite r
        JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) r.ev_class
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
       WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p}'::pg_catalog."char"[])
         AND r.ev_enabled::pg_catalog.text OPERATOR(pg_catalog.=) ANY (?)
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
      OwnSchema.create(connection);
      ddl.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (migration pg_catalog.text, kind pg_catalog.text,"
              + " table_schema pg_catalog.text, table_name pg_catalog.text,"
              + " name pg_catalog.text, state pg_catalog.text NOT NULL,"
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
    if (!OwnSchema.holds(connection, NAME)) {
      return found;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT kind, table_schema, table_name, name, state FROM "
                + TABLE
                + " WHERE migration OPERATOR(pg_catalog.=) ? ORDER BY 2, 3, 1, 4")) {
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
    if (!OwnSchema.holds(connection, NAME)) {
      return;
    }
    try (PreparedStatement delete =
            connection.prepareStatement(
                "DELETE FROM " + TABLE + " WHERE migration OPERATOR(pg_catalog.=) ?");
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
}
