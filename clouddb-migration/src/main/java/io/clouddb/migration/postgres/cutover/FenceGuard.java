/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.OneStatement;
import io.clouddb.migration.postgres.catalog.OwnSchema;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a fence still is as it was raised. Whoever owns a table may change its triggers at any
 * time, also in a transaction that is still open and that no look into the catalogs shows; so the
 * tables are locked first, by locks that nobody can have beside who changes triggers or attaches
 * partitions, and beside which reading goes on. They are kept until {@link #release}.
 */
final class FenceGuard {
  private static final Logger LOG = LoggerFactory.getLogger(FenceGuard.class);

  /** In a pause. An autovacuum that cuts off a file's end gives way in less. */
  private static final Duration IN_PAUSE = Duration.ofMillis(300);

  /** When nobody works: as long as the sessions of a process that was killed may take to end. */
  private static final Duration AFTER_ALL = Duration.ofSeconds(30);

  private static final String CANCELLED = "57014";

  private static final String LACKING =
      """
      SELECT pg_catalog.format('GRANT UPDATE ON %s TO CURRENT_USER', q.name)
      FROM pg_catalog.unnest(?::pg_catalog.text[]) q (name)
      JOIN pg_catalog.pg_class c
        ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(q.name)::pg_catalog.oid
      WHERE NOT pg_catalog.has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')
        AND NOT (pg_catalog.has_table_privilege(c.oid, 'INSERT')
          AND q.name OPERATOR(pg_catalog.=) ANY (?::pg_catalog.text[]))
      """;

  private final String name;
  private final List<TableName> tables;
  private final FenceFunction function;
  private final FenceState state;

  FenceGuard(String name, List<TableName> tables, FenceFunction function, FenceState state) {
    this.name = name;
    this.tables = tables;
    this.function = function;
    this.state = state;
  }

  /**
   * See {@link WriteFence#requireStanding}.
   *
   * @param ordinary the tables that hold rows themselves, quoted
   */
  void requireStanding(Connection connection, Set<String> ordinary) throws SQLException {
    connection.setAutoCommit(false);
    boolean stands = false;
    try {
      hold(connection, ordinary, IN_PAUSE);
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

  /** See {@link WriteFence#changedSince}. */
  Set<TableName> changedSince(Connection connection, Set<String> ordinary, String kept)
      throws SQLException {
    connection.setAutoCommit(false);
    hold(connection, ordinary, AFTER_ALL);
    OwnSchema.require(connection);
    Set<String> changed = state.changedSince(connection, tables, kept);
    return tables.stream()
        .filter(table -> changed.contains(table.quoted()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void hold(Connection connection, Set<String> ordinary, Duration limit)
      throws SQLException {
    long deadline = System.nanoTime() + limit.toNanos();
    try (Statement statement = connection.createStatement()) {
      String before = statementTimeout(statement);
      allowLocks(connection, ordinary);
      lock(
          statement,
          tables.stream().filter(table -> ordinary.contains(table.quoted())).toList(),
          "ROW EXCLUSIVE",
          deadline);
      lock(
          statement,
          tables.stream().filter(table -> !ordinary.contains(table.quoted())).toList(),
          "SHARE UPDATE EXCLUSIVE",
          deadline);
      statement.execute("SET LOCAL statement_timeout = '" + before + "'");
    } catch (SQLException e) {
      boolean late = CANCELLED.equals(e.getSQLState()) && System.nanoTime() >= deadline;
      if (!late && !FenceLocks.inTheWay(e) && !FenceLocks.gone(e)) {
        throw e;
      }
      connection.rollback();
      Set<String> open = state.changed(connection, tables);
      if (FenceLocks.gone(e) || !open.isEmpty()) {
        throw changed(open);
      }
      // An ANALYZE or an index build changes nothing. An open transaction may do so, and is waited
      // for when the fence is raised again.
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE,
              "Before the decision the fenced tables could not be locked within "
                  + limit.toMillis()
                  + " ms, since others keep locks on them: "
                  + String.join(", ", OpenWrites.inTheWay(connection, List.copyOf(tables)))
                  + ". Nothing was switched")
          .nextStep("End these transactions, and change no table during the cutover; run it again.")
          .toException(e);
    }
  }

  /**
   * Who owns a table may have taken the privileges from himself that locking it asks for, as for a
   * log that is only added to. He gives them to himself; the end of this transaction takes them
   * back.
   */
  private void allowLocks(Connection connection, Set<String> ordinary) throws SQLException {
    List<String> grants =
        CatalogQuery.list(
            connection,
            LACKING,
            row -> row.getString(1),
            connection.createArrayOf(
                "text", tables.stream().map(TableName::quoted).toArray(String[]::new)),
            connection.createArrayOf("text", ordinary.toArray(String[]::new)));
    for (String grant : grants) {
      OneStatement.run(connection, grant);
    }
  }

  private static String statementTimeout(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SELECT pg_catalog.current_setting('statement_timeout')")) {
      row.next();
      return row.getString(1);
    }
  }

  /** All within one time: a lock_timeout would begin anew with each table. */
  private static void lock(Statement statement, List<TableName> locked, String mode, long deadline)
      throws SQLException {
    if (locked.isEmpty()) {
      return;
    }
    // One more, so that it is late when the server says that it is.
    long left = Math.max(0, (deadline - System.nanoTime()) / 1_000_000) + 1;
    statement.execute("SET LOCAL statement_timeout = " + left);
    statement.execute(
        locked.stream()
            .map(table -> "ONLY " + table.quoted())
            .collect(Collectors.joining(", ", "LOCK TABLE ", " IN " + mode + " MODE")));
  }

  /** See {@link WriteFence#release}. */
  void release(Connection connection) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      // The session is lost, and the locks with it; what was decided goes on without it.
      LOG.debug("The session of the fence is lost: {}", e.getMessage());
    }
  }

  /** The function, when no table is named. */
  CloudDbException changed(Set<String> open) {
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
}
