/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * ACCESS SHARE on every table, from before the slot is created until the table is copied. It lets
 * readers and writers through and keeps out what rewrites a table: VACUUM FULL, CLUSTER, ALTER and
 * TRUNCATE are not visible to a snapshot as it was taken, and a copy across one loses rows.
 */
public final class TableLocks implements AutoCloseable {
  private record Held(TableName table, Savepoint before) {}

  private static final int ALIVE_SECONDS = 30;

  private final Connection holder;
  private final Deque<Held> held = new ArrayDeque<>();
  private final Set<TableName> released = new HashSet<>();

  private TableLocks(Connection holder) {
    this.holder = holder;
  }

  /**
   * Locks tables. The largest is locked last, since it is copied first and locks are let go in the
   * reverse order.
   *
   * @param source the source
   * @param tables the tables; partitioned ones are locked too
   * @param patience how long to wait for each
   * @return the locks
   * @throws io.clouddb.error.CloudDbException naming the table that could not be locked
   */
  public static TableLocks acquire(
      ConnectionDetails source, List<Table> tables, Duration patience) {
    try {
      Connection connection = PinnedSession.open(source, "locks");
      TableLocks locks = new TableLocks(connection);
      try {
        connection.setAutoCommit(false);
        locks.lockAll(tables, patience);
        return locks;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqlFailure.of("locking the source's tables", e);
    }
  }

  /**
   * Locks tables in a transaction that is open already, and that others keep: a session that copies
   * has to hold locks of its own before anybody queues up for a stronger one, or it would stand
   * behind him while he waits for the copy.
   *
   * @param transaction where; it is not closed by {@link #close}
   * @param tables the tables
   * @param patience how long to wait for each
   * @return the locks
   * @throws io.clouddb.error.CloudDbException naming the table that could not be locked
   * @throws SQLException when the source refuses
   */
  static TableLocks within(Connection transaction, List<Table> tables, Duration patience)
      throws SQLException {
    TableLocks locks = new TableLocks(transaction);
    locks.lockAll(tables, patience);
    return locks;
  }

  /** Lets go what of these can be, without asking whether the session still lives. */
  void releaseAll(Set<TableName> tables) throws SQLException {
    released.addAll(tables);
    releaseOutermost();
  }

  private void releaseOutermost() throws SQLException {
    while (!held.isEmpty() && released.contains(held.element().table())) {
      Held last = held.pop();
      holder.rollback(last.before());
    }
  }

  private void lockAll(List<Table> tables, Duration patience) throws SQLException {
    List<Table> order =
        tables.stream()
            .sorted(Comparator.comparing(Table::pages).thenComparing(Table::name))
            .toList();
    try (Statement statement = holder.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + patience.toMillis());
      for (Table table : order) {
        Savepoint before = holder.setSavepoint();
        try {
          statement.execute(
              "LOCK TABLE " + "ONLY " + table.name().quoted() + " IN ACCESS SHARE MODE");
        } catch (SQLException e) {
          if (!"55P03".equals(e.getSQLState())) {
            throw SqlFailure.of("locking " + table.name(), e);
          }
          throw ErrorDetails.of(
                  ErrorCategory.BUSY,
                  "Table "
                      + table.name()
                      + " could not be locked within "
                      + patience.toMillis()
                      + " ms: another session alters it, or waits to")
              .resource(table.name().toString())
              .providerCode("55P03")
              .nextStep("End the session that holds ACCESS EXCLUSIVE on it")
              .toException(e);
        }
        held.push(new Held(table.name(), before));
      }
      statement.execute("SET LOCAL lock_timeout = 0");
    }
  }

  /**
   * Notes that a table's copy has ended. Its lock goes as soon as those taken after it are gone.
   *
   * @param table the table
   * @throws io.clouddb.error.CloudDbException when the locks were lost before: the table may have
   *     been rewritten while it was copied
   */
  public synchronized void release(TableName table) {
    released.add(table);
    try {
      if (!holder.isValid(ALIVE_SECONDS)) {
        throw ErrorDetails.of(
                ErrorCategory.UNAVAILABLE,
                "The connection that held the locks was lost while " + table + " was copied")
            .nextStep("Copy the tables that are not finished again, under a new snapshot")
            .toException();
      }
      releaseOutermost();
    } catch (SQLException e) {
      throw SqlFailure.of("releasing the lock on " + table, e);
    }
  }

  /**
   * How many tables are still locked.
   *
   * @return a number of tables
   */
  public synchronized int held() {
    return held.size();
  }

  /** Releases all that is left. */
  @Override
  public synchronized void close() {
    try {
      held.clear();
      holder.close();
    } catch (SQLException e) {
      throw SqlFailure.of("releasing the locks on the source", e);
    }
  }
}
