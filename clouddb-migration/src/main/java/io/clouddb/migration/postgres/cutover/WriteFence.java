/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps everybody but the migration from writing to the tables of a database: the owner, COPY,
 * TRUNCATE, sessions in replica role, and transactions whose snapshot is older than the fence.
 *
 * <p>It is a statement trigger on each table. A default of read-only transactions would be none: a
 * session overrides it. Partitions have one each, since a statement that names a partition does not
 * fire its parent's. The DDL waits for writers in flight, so a fence that stands has drained them.
 *
 * <p>A refused write gets SQLSTATE 25006 ({@code read_only_sql_transaction}).
 */
public final class WriteFence {
  /** Schema of all that a migration creates beside what it migrates. */
  public static final String SCHEMA = "clouddb_migration";

  /** Session setting that, with the migration's id, marks a session as the migration's own. */
  private static final String SESSION_SETTING = "clouddb.migrator";

  private static final Duration LOWER_LIMIT = Duration.ofSeconds(30);
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String DEADLOCK = "40P01";
  // The table, or the trigger, went away meanwhile.
  private static final Set<String> GONE = Set.of("42P01", "42704");

  private final String migrationId;
  private final String name;
  private final List<TableName> tables;

  /**
   * Describes a fence; nothing is done yet.
   *
   * @param migrationId the migration's id
   * @param tables all tables, the partitioned ones and each of their partitions
   */
  public WriteFence(String migrationId, List<TableName> tables) {
    this.migrationId = Objects.requireNonNull(migrationId, "migrationId");
    this.name = "clouddb_" + migrationId + "_fence";
    this.tables = List.copyOf(tables);
  }

  /**
   * Lets a session of the migration's role write where the fence stands.
   *
   * @param connection the session; the setting lasts as long as it
   * @param migrationId the migration's id
   * @throws SQLException when the database refuses
   */
  public static void pass(Connection connection, String migrationId) throws SQLException {
    try (PreparedStatement setting =
        connection.prepareStatement("SELECT set_config(?, ?, false)")) {
      setting.setString(1, SESSION_SETTING);
      setting.setString(2, migrationId);
      setting.execute();
    }
  }

  /**
   * Makes what the triggers call, so that the pause need not. Can be done again.
   *
   * @param connection a session of the role that owns the tables; in auto-commit mode
   * @param movedTo where the database moves, for the message to whoever is refused
   * @throws SQLException when the database refuses
   */
  public void prepare(Connection connection, String movedTo) throws SQLException {
    String body;
    try (PreparedStatement format =
        connection.prepareStatement(
            """
            SELECT format($format$
              BEGIN
                IF session_user = %L AND current_setting(%L, true) = %L THEN
                  RETURN NULL;
                END IF;
                RAISE EXCEPTION USING ERRCODE = '25006', MESSAGE = %L, HINT = %L,
                  SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
              END $format$, session_user, ?, ?, ?, ?)
            """)) {
      format.setString(1, SESSION_SETTING);
      format.setString(2, migrationId);
      format.setString(3, "This database moves to " + movedTo + " and takes no more writes here");
      format.setString(
          4,
          "Connect to the new database. An application that uses the SwitchableDataSource of the"
              + " migration "
              + migrationId
              + " is switched by itself.");
      try (ResultSet row = format.executeQuery()) {
        row.next();
        body = row.getString(1);
      }
    }
    try (PreparedStatement quote = connection.prepareStatement("SELECT quote_literal(?)");
        Statement ddl = connection.createStatement()) {
      quote.setString(1, body);
      String literal;
      try (ResultSet row = quote.executeQuery()) {
        row.next();
        literal = row.getString(1);
      }
      ddl.execute("CREATE SCHEMA IF NOT EXISTS " + TableName.quote(SCHEMA));
      ddl.execute(
          "CREATE OR REPLACE FUNCTION "
              + function()
              + "() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS "
              + literal);
    }
  }

  /**
   * Raises the fence on every table. When it returns, no transaction that wrote to any of them is
   * open, and no other write can begin. {@link #prepare} has been called.
   *
   * @param connection a session of the role that owns the tables; its auto-commit mode is kept
   * @param limit how long to wait for writers in flight, all tables together
   * @throws io.clouddb.error.DeadlineException when a writer did not end in time; the fence is
   *     lowered again
   * @throws SQLException when the database refuses; the fence may stand in part
   */
  public void raise(Connection connection, Duration limit) throws SQLException {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      for (TableName table : tables) {
        raise(connection, table, deadline, limit);
      }
    } catch (CloudDbException e) {
      connection.setAutoCommit(true);
      try {
        lower(connection, LOWER_LIMIT);
      } catch (SQLException | CloudDbException lowering) {
        e.addSuppressed(lowering);
      }
      throw e;
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }

  private void raise(Connection connection, TableName table, long deadline, Duration limit)
      throws SQLException {
    while (true) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw ErrorDetails.of(
                ErrorCategory.DEADLINE,
                "After "
                    + limit.toMillis()
                    + " ms transactions that write to "
                    + table
                    + " were still open: "
                    + String.join(", ", OpenWrites.on(connection, List.of(table))))
            .resource(table.toString())
            .nextStep("End these transactions or raise the limit; the source is open again.")
            .toException();
      }
      try (Statement ddl = connection.createStatement()) {
        // A second at most: whoever reads or writes the table meanwhile waits behind this lock.
        ddl.execute(
            "SET LOCAL lock_timeout = "
                + Math.min(left, 1000)
                + "; CREATE OR REPLACE TRIGGER "
                + TableName.quote(name)
                + " BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "
                + table.quoted()
                + " FOR EACH STATEMENT EXECUTE FUNCTION "
                + function()
                + "(); ALTER TABLE ONLY "
                + table.quoted()
                + " ENABLE ALWAYS TRIGGER "
                + TableName.quote(name));
        connection.commit();
        return;
      } catch (SQLException e) {
        connection.rollback();
        if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) && !DEADLOCK.equals(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  /**
   * Lowers the fence wherever it stands, also one that an earlier run left. The triggers stay,
   * disabled: that takes a lock that lets readers through, while to drop one takes a lock that does
   * not. Does nothing where there is none.
   *
   * @param connection a session of the role that owns the tables; in auto-commit mode
   * @param limit how long to wait for the locks, all tables together
   * @throws io.clouddb.error.DeadlineException when a lock could not be had in time; the fence
   *     stands in part
   * @throws SQLException when the database refuses
   */
  public void lower(Connection connection, Duration limit) throws SQLException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (TableName table : standing(connection)) {
      change(
          connection,
          table,
          "ALTER TABLE ONLY " + table.quoted() + " DISABLE TRIGGER " + TableName.quote(name),
          deadline,
          limit);
    }
  }

  private void change(
      Connection connection, TableName table, String sql, long deadline, Duration limit)
      throws SQLException {
    while (true) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw ErrorDetails.of(
                ErrorCategory.DEADLINE,
                "After "
                    + limit.toMillis()
                    + " ms the lock to take the fence from "
                    + table
                    + " could not be had")
            .resource(table.toString())
            .leftBehind("the trigger " + name + " on " + table + " and on others")
            .nextStep("End whoever holds a lock on the table and run the abort again.")
            .toException();
      }
      try (Statement ddl = connection.createStatement()) {
        ddl.execute("SET lock_timeout = " + Math.min(left, 1000));
        ddl.execute(sql);
        return;
      } catch (SQLException e) {
        if (GONE.contains(String.valueOf(e.getSQLState()))) {
          return;
        }
        if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) && !DEADLOCK.equals(e.getSQLState())) {
          throw e;
        }
      } finally {
        try (Statement reset = connection.createStatement()) {
          reset.execute("RESET lock_timeout");
        }
      }
    }
  }

  /**
   * Lowers the fence and removes all that this class made. The schema goes when nothing else is in
   * it.
   *
   * @param connection a session of the role that owns the tables; in auto-commit mode
   * @param limit how long to wait for the locks
   * @throws io.clouddb.error.DeadlineException when a lock could not be had in time
   * @throws SQLException when the database refuses
   */
  public void remove(Connection connection, Duration limit) throws SQLException {
    lower(connection, limit);
    long deadline = System.nanoTime() + limit.toNanos();
    for (TableName table : triggers(connection, "")) {
      change(
          connection,
          table,
          "DROP TRIGGER IF EXISTS " + TableName.quote(name) + " ON " + table.quoted(),
          deadline,
          limit);
    }
    try (Statement ddl = connection.createStatement()) {
      if (!holds(ddl, "to_regnamespace('" + SCHEMA + "') IS NOT NULL")) {
        return;
      }
      ddl.execute("DROP FUNCTION IF EXISTS " + function() + "()");
    }
    dropSchemaWhenEmpty(connection);
  }

  /**
   * Removes the schema of the migrations when nothing is in it any more.
   *
   * @param connection a session of the role that created it; in auto-commit mode
   * @throws SQLException when the database refuses
   */
  public static void dropSchemaWhenEmpty(Connection connection) throws SQLException {
    String schema = "to_regnamespace('" + SCHEMA + "')";
    try (Statement ddl = connection.createStatement()) {
      if (holds(
          ddl,
          schema
              + " IS NOT NULL AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = "
              + schema
              + ") AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = "
              + schema
              + ")")) {
        ddl.execute("DROP SCHEMA " + TableName.quote(SCHEMA));
      }
    }
  }

  private static boolean holds(Statement statement, String condition) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT " + condition)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /**
   * The tables on which this migration's fence stands.
   *
   * @param connection a session
   * @return the tables, by name
   * @throws SQLException when the catalog cannot be read
   */
  public List<TableName> standing(Connection connection) throws SQLException {
    return triggers(connection, " AND t.tgenabled = 'A'");
  }

  private List<TableName> triggers(Connection connection, String condition) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT n.nspname, c.relname FROM pg_trigger t
              JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE t.tgname = ? AND NOT t.tgisinternal
            """
                + condition
                + " ORDER BY 1, 2")) {
      select.setString(1, name);
      List<TableName> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(new TableName(row.getString(1), row.getString(2)));
        }
      }
      return found;
    }
  }

  private String function() {
    return TableName.quote(SCHEMA) + "." + TableName.quote(name);
  }
}
