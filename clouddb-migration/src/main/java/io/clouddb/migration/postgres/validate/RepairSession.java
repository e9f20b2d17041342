/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.ApplyMark;
import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.DeferredConstraints;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableOwners;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.copy.CopyPipe;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The transaction on the target that a repair writes in. As in that of the applier, triggers and
 * foreign keys do not fire where the role may set {@code session_replication_role}, elsewhere they
 * are disabled and absent; and it begins with the mark by which a reverse replication leaves it
 * out.
 */
final class RepairSession implements AutoCloseable {
  private static final String REFUSED = "42501";
  private static final int PLACES_AT_ONCE = 1000;

  private final Connection target;

  private final TableOwners owners;
  private final DeferredConstraints deferred;
  private final List<TableName> written = new ArrayList<>();

  private RepairSession(Connection target, TableOwners owners, DeferredConstraints deferred) {
    this.target = target;
    this.owners = owners;
    this.deferred = deferred;
  }

  /**
   * Begins.
   *
   * @param mark what the transaction begins with; null when nothing is brought back
   * @param tables those that will be written
   * @param trusted whose code may run then
   */
  static RepairSession begin(
      ConnectionDetails target,
      Duration lockLimit,
      @Nullable ApplyMark mark,
      List<Table> tables,
      TrustedCode trusted)
      throws SQLException {
    Connection connection = PinnedSession.openToWrite(target, "repair");
    try {
      beReplica(connection);
      trusted.requireRows(connection, tables);
      TableOwners owners = TableOwners.read(connection);
      DeferredConstraints deferred = DeferredConstraints.read(connection, owners);
      connection.setAutoCommit(false);
      if (mark != null) {
        mark.begin(connection);
      }
      deferred.defer(connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = " + lockLimit.toMillis());
      }
      return new RepairSession(connection, owners, deferred);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static void beReplica(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
    } catch (SQLException e) {
      if (!REFUSED.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  /** First all that goes, then what comes: it may have the unique values of what went. */
  RepairedTable carryOut(RepairPlan plan, Connection source) throws SQLException {
    Table table = plan.table();
    TableOwners.act(target, owners.of(table.name()));
    written.add(table.name());
    for (int from = 0; from < plan.delete().size(); from += PLACES_AT_ONCE) {
      delete(table, part(plan.delete(), from));
    }
    for (int from = 0; from < plan.insert().size(); from += PLACES_AT_ONCE) {
      insert(table, part(plan.insert(), from), source);
    }
    return new RepairedTable(
        table.name(),
        plan.delete().size(),
        plan.insert().size(),
        plan.rows().stream().sorted().toList());
  }

  private static List<String> part(List<String> places, int from) {
    return places.subList(from, Math.min(from + PLACES_AT_ONCE, places.size()));
  }

  private void delete(Table table, List<String> places) throws SQLException {
    // Not as an array of tid: the driver would ask the catalog for its number, by names without
    // schema.
    Array wanted = target.createArrayOf("text", places.toArray());
    try (PreparedStatement statement =
        target.prepareStatement(
            "DELETE FROM ONLY "
                + table.name().quoted()
                + " WHERE ctid OPERATOR(pg_catalog.=) ANY"
                + " (?::pg_catalog.text[]::pg_catalog.tid[])")) {
      statement.setArray(1, wanted);
      requireAll(table, places.size(), statement.executeUpdate());
    } finally {
      wanted.free();
    }
  }

  /** As text, which every type has; COPY sets generated columns and identities by itself. */
  private void insert(Table table, List<String> places, Connection source) throws SQLException {
    String columns =
        table.dataColumns().stream()
            .map(Column::name)
            .map(TableName::quote)
            .collect(Collectors.joining(", "));
    // The places are as the server wrote them: digits in parentheses.
    String read =
        "COPY (SELECT "
            + columns
            + " FROM ONLY "
            + table.name().quoted()
            + " WHERE ctid OPERATOR(pg_catalog.=) ANY (ARRAY['"
            + String.join("', '", places)
            + "']::pg_catalog.tid[])) TO STDOUT";
    String write =
        "COPY "
            + table.name().quoted()
            + (columns.isEmpty() ? "" : " (" + columns + ")")
            + " FROM STDIN";
    requireAll(
        table, places.size(), CopyPipe.run(source, read, target, write, (rows, bytes) -> {}));
  }

  private static void requireAll(Table table, long expected, long found) {
    if (found != expected) {
      throw ErrorDetails.of(
              ErrorCategory.BUSY,
              "Of "
                  + expected
                  + " rows to repair in "
                  + table.name()
                  + " there were "
                  + found
                  + ": something else writes to the target. Nothing was changed")
          .nextStep("Find out what it is and stop it, then repair again")
          .toException();
    }
  }

  void commit() throws SQLException {
    deferred.check(target, written);
    TableOwners.act(target, null);
    target.commit();
  }

  /** What is not committed is undone. */
  @Override
  public void close() throws SQLException {
    target.close();
  }
}
