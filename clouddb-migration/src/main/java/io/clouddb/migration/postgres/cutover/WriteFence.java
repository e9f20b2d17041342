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
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(WriteFence.class);

  /** Schema of all that a migration creates beside what it migrates. */
  public static final String SCHEMA = OwnSchema.NAME;

  /** Session setting that, with the migration's id, marks a session as the migration's own. */
  private static final String SESSION_SETTING = "clouddb.migrator";

  // The application writes meanwhile, and waits behind a lock that is waited for.
  private static final Duration PREPARE_LIMIT = Duration.ofMillis(50);

  // An autovacuum that cuts off a file's end gives way in less.
  private static final Duration HOLD_LIMIT = Duration.ofMillis(300);
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String DEADLOCK = "40P01";
  // The table, or the trigger, went away meanwhile.
  private static final Set<String> GONE = Set.of("42P01", "42704");

  private final String migrationId;
  private final String name;
  private final FenceFunction function;
  private final FenceTriggers triggers;
  private final FenceState state;
  private final List<TableName> tables;

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
    patience = patience(connection);
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
              + PREPARE_LIMIT.toMillis()
              + ";"
              + triggers.creation(table, holdsRows ? stranger : null)
              + triggers.alteration(table, holdsRows, " DISABLE TRIGGER "));
      state.keep(connection, table);
      connection.commit();
      made.add(table);
    } catch (SQLException e) {
      connection.rollback();
      String state = String.valueOf(e.getSQLState());
      if (!LOCK_NOT_AVAILABLE.equals(state) && !DEADLOCK.equals(state) && !GONE.contains(state)) {
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
        String enable = triggers.alteration(table, holdsRows, " ENABLE ALWAYS TRIGGER ");
        if (made.contains(table) && raise(connection, table, enable, false, deadline, limit)) {
          continue;
        }
        // Not to be had before the pause: perhaps it had another name then, and nobody knew it.
        boolean nowHoldsRows = ordinary(connection).contains(table.quoted());
        String all =
            triggers.creation(table, nowHoldsRows ? stranger : null)
                + triggers.alteration(table, nowHoldsRows, " ENABLE ALWAYS TRIGGER ");
        if (!raise(connection, table, all, true, deadline, limit)) {
          throw new SQLException("The table " + table + " is gone", "42P01");
        }
      }
      Set<String> open = state.begin(connection, tables);
      if (!function.stands(connection) || !open.isEmpty()) {
        throw changed(open);
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
    connection.setAutoCommit(false);
    boolean stands = false;
    try {
      hold(connection);
      OwnSchema.require(connection);
      Set<String> open = state.changed(connection, tables);
      if (!function.stands(connection) || !open.isEmpty()) {
        throw changed(open);
      }
      stands = true;
    } finally {
      if (!stands) {
        release(connection);
      }
    }
  }

  private void hold(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + HOLD_LIMIT.toMillis());
      lock(statement, tables.stream().filter(this::holdsRows).toList(), "ROW EXCLUSIVE");
      lock(
          statement,
          tables.stream().filter(table -> !holdsRows(table)).toList(),
          "SHARE UPDATE EXCLUSIVE");
    } catch (SQLException e) {
      String failed = String.valueOf(e.getSQLState());
      boolean inTheWay = LOCK_NOT_AVAILABLE.equals(failed) || DEADLOCK.equals(failed);
      if (!inTheWay && !GONE.contains(failed)) {
        throw e;
      }
      connection.rollback();
      if (GONE.contains(failed)) {
        throw changed(state.changed(connection, tables));
      }
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "Somebody changes fenced tables in the pause: "
                  + String.join(", ", OpenWrites.inTheWay(connection, List.copyOf(tables)))
                  + ". Nothing was switched")
          .nextStep("End that transaction, and change no table during the cutover; run it again.")
          .toException(e);
    }
  }

  private boolean holdsRows(TableName table) {
    return ordinary.contains(table.quoted());
  }

  private static void lock(Statement statement, List<TableName> locked, String mode)
      throws SQLException {
    if (!locked.isEmpty()) {
      statement.execute(
          locked.stream()
              .map(table -> "ONLY " + table.quoted())
              .collect(Collectors.joining(", ", "LOCK TABLE ", " IN " + mode + " MODE")));
    }
  }

  /**
   * Lets go of what {@link #requireStanding} keeps, after the decision.
   *
   * @param connection the session that it was called with
   */
  public void release(Connection connection) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      // The session is lost, and the locks with it; what was decided goes on without it.
      LOG.debug("The session of the fence is lost: {}", e.getMessage());
    }
  }

  private CloudDbException changed(Set<String> open) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            open.isEmpty()
                ? "The function of the fence, " + function.quoted() + ", was changed by somebody"
                : "The fence did not stay as it was raised on "
                    + String.join(", ", open)
                    + ": somebody changed the triggers "
                    + name
                    + ", the table, or its partitions in the pause. Nothing was switched")
        .nextStep("Find out who changes tables during the cutover, then run it again.")
        .toException();
  }

  /**
   * How long one try for a lock may wait. The server ends an autovacuum that stands in the way when
   * the wait has lasted for deadlock_timeout; a lock_timeout that is not longer is over before
   * that.
   */
  private static long patience(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT setting::bigint FROM pg_catalog.pg_settings"
                    + " WHERE name OPERATOR(pg_catalog.=) 'deadlock_timeout'")) {
      row.next();
      return Math.max(1000, row.getLong(1) + 500);
    }
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
        if (GONE.contains(String.valueOf(e.getSQLState()))) {
          return false;
        }
        if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) && !DEADLOCK.equals(e.getSQLState())) {
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
    function.pass(connection);
    List<FenceTriggers.Fenced> enabled = triggers.enabled(connection);
    if (enabled.isEmpty()) {
      return;
    }
    try (Statement ddl = connection.createStatement()) {
      ddl.execute("SET lock_timeout = " + PREPARE_LIMIT.toMillis());
      for (FenceTriggers.Fenced fenced : enabled) {
        disable(ddl, fenced);
      }
    } finally {
      try (Statement reset = connection.createStatement()) {
        reset.execute("RESET lock_timeout");
      }
    }
  }

  private static void disable(Statement ddl, FenceTriggers.Fenced fenced) throws SQLException {
    try {
      ddl.execute(
          fenced.triggers().stream()
              .map(trigger -> " DISABLE TRIGGER " + TableName.quote(trigger))
              .collect(Collectors.joining(",", "ALTER TABLE ONLY " + fenced.table().quoted(), "")));
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (!LOCK_NOT_AVAILABLE.equals(state) && !DEADLOCK.equals(state) && !GONE.contains(state)) {
        throw e;
      }
      LOG.debug("The triggers on {} stay on, without effect: {}", fenced.table(), e.getMessage());
    }
  }

  private void change(
      Connection connection,
      TableName table,
      String sql,
      long deadline,
      Duration limit,
      long patience)
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
        ddl.execute("SET lock_timeout = " + Math.min(left, patience));
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
    lower(connection);
    long deadline = System.nanoTime() + limit.toNanos();
    long patience = patience(connection);
    for (FenceTriggers.Fenced fenced : triggers.on(connection)) {
      String sql =
          fenced.triggers().stream()
              .map(
                  trigger ->
                      "DROP TRIGGER IF EXISTS "
                          + TableName.quote(trigger)
                          + " ON "
                          + fenced.table().quoted())
              .collect(Collectors.joining("; "));
      change(connection, fenced.table(), sql, deadline, limit, patience);
    }
    function.drop(connection);
    dropSchemaWhenEmpty(connection);
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
