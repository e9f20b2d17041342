/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.OwnSchema;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps everybody but the migration from writing to the tables of a database: the owner, COPY,
 * TRUNCATE, sessions in replica role, and transactions whose snapshot is older than the fence.
 *
 * <p>It is a statement trigger on each table, and a row trigger on each that holds rows. A default
 * of read-only transactions would be none: a session overrides it. Partitions have their own, since
 * a statement that names a partition does not fire its parent's. The row trigger is for those who
 * write without a statement on the table: the apply worker of a subscription (PostgreSQL's
 * documentation, "Logical Replication, Architecture": it fires row triggers only), extensions that
 * replicate as it does, and a statement on a parent by inheritance that is not part of the
 * migration. What writes below the executor (an extension that fills the files of a table) no
 * trigger sees.
 *
 * <p>The DDL waits for writers in flight, so a fence that stands has drained them.
 *
 * <p>A refused write gets SQLSTATE 25006 ({@code read_only_sql_transaction}).
 */
public final class WriteFence {
  /** Schema of all that a migration creates beside what it migrates. */
  public static final String SCHEMA = OwnSchema.NAME;

  /** Session setting that, with the migration's id, marks a session as the migration's own. */
  private static final String SESSION_SETTING = "clouddb.migrator";

  private final String migrationId;
  private final String name;
  private final FenceFunction function;
  private final FenceTriggers triggers;
  private final FenceState state;
  private final List<TableName> tables;
  private final FenceGuard guard;
  private final FenceRemoval removal;

  /** The tables whose triggers were made before the pause, disabled. */
  private final Set<TableName> made = new HashSet<>();

  // What the pause need not read: none of it changes.
  private Set<String> ordinary = Set.of();
  private String stranger = "";
  private long patience;

  /**
   * Describes a fence; nothing is done yet.
   *
   * @param migrationId the migration's id
   * @param tables all tables, the partitioned ones and each of their partitions
   */
  public WriteFence(String migrationId, List<TableName> tables) {
    this.migrationId = Objects.requireNonNull(migrationId, "migrationId");
    this.name = "clouddb_" + migrationId + "_fence";
    this.function = new FenceFunction(SCHEMA, name, SESSION_SETTING, migrationId);
    this.triggers = new FenceTriggers(name, name + "_row", function);
    this.state = new FenceState(name, name + "_row");
    this.tables = List.copyOf(tables);
    this.guard = new FenceGuard(name, this.tables, function, state);
    this.removal = new FenceRemoval(name, function, triggers);
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
        connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, false)")) {
      setting.setString(1, SESSION_SETTING);
      setting.setString(2, migrationId);
      setting.execute();
    }
  }

  /**
   * Makes what the triggers call, and the triggers themselves, disabled, so that the pause need
   * not. A table whose lock cannot be had in a moment gets them in the pause. Can be done again.
   *
   * @param connection a session of the role that owns the tables; in auto-commit mode
   * @param movedTo where the database moves, for the message to whoever is refused
   * @throws SQLException when the database refuses
   */
  public void prepare(Connection connection, String movedTo) throws SQLException {
    function.prepare(connection, movedTo);
    List<String> strange = triggers.strange(connection);
    if (!strange.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "Triggers have the names that the fence needs and are not the migration's: "
                  + String.join("; ", strange))
          .nextStep("Rename or drop them, or give the migration another id.")
          .toException();
    }
    ordinary = ordinary(connection);
    stranger = stranger(connection);
    patience = FenceLocks.patience(connection);
    makeDisabled(connection);
  }

  private void makeDisabled(Connection connection) throws SQLException {
    made.clear();
    // A fence that an earlier run left standing is not to be opened here.
    Set<TableName> standing = Set.copyOf(standing(connection));
    connection.setAutoCommit(false);
    try {
      for (TableName table : tables) {
        if (!standing.contains(table)) {
          makeDisabled(connection, table, ordinary.contains(table.quoted()));
        }
      }
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** In one transaction: nobody meets a trigger that is on. */
  private void makeDisabled(Connection connection, TableName table, boolean holdsRows)
      throws SQLException {
    try (Statement ddl = connection.createStatement()) {
      ddl.execute(
          "SET LOCAL lock_timeout = "
              + FenceLocks.MOMENT.toMillis()
              + ";"
              + triggers.creation(table, holdsRows ? stranger : null)
              + triggers.alteration(table, holdsRows, " DISABLE TRIGGER "));
      state.keep(connection, table);
      connection.commit();
      made.add(table);
    } catch (SQLException e) {
      connection.rollback();
      if (!FenceLocks.inTheWay(e) && !FenceLocks.gone(e)) {
        throw e;
      }
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
      // Before the first lock: whoever has a table's lock after it, finds the function that
      // refuses.
      function.refuse(connection);
      connection.commit();
      for (TableName table : tables) {
        boolean holdsRows = ordinary.contains(table.quoted());
        if (made.contains(table)
            && raise(connection, table, enabling(table, holdsRows), false, deadline, limit)) {
          continue;
        }
        // Not to be had before the pause: perhaps it had another name then, and nobody knew it.
        boolean nowHoldsRows = ordinary(connection).contains(table.quoted());
        String all =
            triggers.creation(table, nowHoldsRows ? stranger : null)
                + enabling(table, nowHoldsRows);
        if (!raise(connection, table, all, true, deadline, limit)) {
          throw new SQLException("The table " + table + " is gone", "42P01");
        }
      }
      Set<String> open = state.begin(connection, tables);
      if (!function.stands(connection) || !open.isEmpty()) {
        throw guard.changed(open);
      }
      connection.commit();
    } catch (CloudDbException e) {
      connection.setAutoCommit(true);
      try {
        lower(connection);
      } catch (SQLException | CloudDbException lowering) {
        e.addSuppressed(lowering);
      }
      throw e;
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }

  /**
   * Throws unless the fence stands as it stood when {@link #raise} returned, and has stood since;
   * and keeps it so until {@link #release}. Whoever owns a table may change its triggers at any
   * time, also in a transaction that is still open and that no look into the catalogs shows; so the
   * tables are locked first, by locks that nobody can have beside who changes triggers or attaches
   * partitions, and beside which reading goes on.
   *
   * @param connection the session that raised it, in auto-commit mode
   * @throws io.clouddb.error.ConditionFailedException naming the tables that may have been written
   *     to
   * @throws SQLException when the catalogs cannot be read
   */
  public void requireStanding(Connection connection) throws SQLException {
    guard.requireStanding(connection, ordinary);
  }

  /**
   * What {@link #changedSince} compares with, after {@link #requireStanding}.
   *
   * @return a text
   */
  public String kept() {
    return state.kept();
  }

  /**
   * The tables that {@link #kept} speaks of.
   *
   * @param kept what was kept
   * @return those that the fence stood on
   */
  public static List<TableName> tablesOf(String kept) {
    return FenceState.tables(kept);
  }

  /**
   * The tables on which the fence is not as it was when {@link #kept} said so, in another process;
   * as far as it stands there. Keeps it as it is until {@link #release}, also when this throws.
   *
   * @param connection a session of the role that owns the tables, in auto-commit mode
   * @param kept what was kept
   * @return the tables, by name
   * @throws io.clouddb.error.ConditionFailedException when somebody is about to change it
   * @throws SQLException when the catalogs cannot be read
   */
  public Set<TableName> changedSince(Connection connection, String kept) throws SQLException {
    return guard.changedSince(connection, ordinary(connection), kept);
  }

  /**
   * Lets go of what {@link #requireStanding} keeps, after the decision.
   *
   * @param connection the session that it was called with
   */
  public void release(Connection connection) {
    guard.release(connection);
  }

  /** The condition of a trigger that leaves the migration's own sessions alone, for each row. */
  private String stranger(Connection connection) throws SQLException {
    try (PreparedStatement format =
        connection.prepareStatement(
            """
            SELECT pg_catalog.format($format$NOT COALESCE(
                session_user::pg_catalog.text OPERATOR(pg_catalog.=) %L::pg_catalog.text
                AND pg_catalog.current_setting(%L, true) OPERATOR(pg_catalog.=) %L, false)$format$,
              session_user, ?, ?)
            """)) {
      format.setString(1, SESSION_SETTING);
      format.setString(2, migrationId);
      try (ResultSet row = format.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  /** The tables that hold rows themselves, by their quoted names. */
  private Set<String> ordinary(Connection connection) throws SQLException {
    Array names =
        connection.createArrayOf(
            "text", tables.stream().map(TableName::quoted).toArray(String[]::new));
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT t FROM pg_catalog.unnest(?::pg_catalog.text[]) t"
                + " JOIN pg_catalog.pg_class c"
                + " ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t)::pg_catalog.oid"
                + " WHERE c.relkind OPERATOR(pg_catalog.=) 'r'")) {
      select.setArray(1, names);
      Set<String> found = new HashSet<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(row.getString(1));
        }
      }
      return found;
    } finally {
      names.free();
    }
  }

  private String enabling(TableName table, boolean holdsRows) {
    return triggers.alteration(table, holdsRows, " ENABLE ALWAYS TRIGGER ");
  }

  /** False when the table or a trigger is not there. */
  private boolean raise(
      Connection connection,
      TableName table,
      String sql,
      boolean makes,
      long deadline,
      Duration limit)
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
                    + ", or keep its triggers from being changed, were still open: "
                    + String.join(", ", OpenWrites.inTheWay(connection, List.of(table))))
            .resource(table.toString())
            .nextStep("End these transactions or raise the limit; the source is open again.")
            .toException();
      }
      try (Statement ddl = connection.createStatement()) {
        // Not for long: whoever writes to the table meanwhile waits behind this lock. With the
        // COMMIT it is one round trip for each table.
        ddl.execute(
            "SET LOCAL lock_timeout = "
                + Math.min(left, patience)
                + ";"
                + sql
                + (makes ? "" : ";COMMIT"));
        if (makes) {
          state.keep(connection, table);
          connection.commit();
        }
        return true;
      } catch (SQLException e) {
        connection.rollback();
        if (FenceLocks.gone(e)) {
          return false;
        }
        if (!FenceLocks.inTheWay(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Lowers the fence wherever it stands, also one that an earlier run left: at once, whoever holds
   * locks. The triggers stay, and refuse nobody even when somebody enables them (as a load does
   * that had disabled all triggers of a table); they are disabled where the locks can be had in a
   * moment. Does nothing where there is none.
   *
   * @param connection a session of the role that owns the tables; in auto-commit mode
   * @throws SQLException when the database refuses
   */
  public void lower(Connection connection) throws SQLException {
    removal.lower(connection);
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
    removal.remove(connection, limit);
  }

  /**
   * Removes the schema of the migrations when nothing is in it any more.
   *
   * @param connection a session of the role that created it; in auto-commit mode
   * @throws SQLException when the database refuses
   */
  public static void dropSchemaWhenEmpty(Connection connection) throws SQLException {
    OwnSchema.dropWhenEmpty(connection);
  }

  /**
   * The tables on which this migration's fence stands, whole.
   *
   * @param connection a session
   * @return the tables, by name
   * @throws SQLException when the catalog cannot be read
   */
  public List<TableName> standing(Connection connection) throws SQLException {
    if (!function.refuses(connection)) {
      return List.of();
    }
    return triggers.on(connection).stream()
        .filter(fenced -> fenced.always() == (fenced.partitioned() ? 1 : 2))
        .map(FenceTriggers.Fenced::table)
        .toList();
  }
}
