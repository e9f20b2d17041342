/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a fence down: at once, whoever holds locks; then what it was made of, where that can be.
 */
final class FenceRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(FenceRemoval.class);

  private final String name;
  private final FenceFunction function;
  private final FenceTriggers triggers;

  FenceRemoval(String name, FenceFunction function, FenceTriggers triggers) {
    this.name = name;
    this.function = function;
    this.triggers = triggers;
  }

  /** See {@link WriteFence#lower}. */
  void lower(Connection connection) throws SQLException {
    function.pass(connection);
    List<FenceTriggers.Fenced> enabled = triggers.enabled(connection);
    if (enabled.isEmpty()) {
      return;
    }
    try (Statement ddl = connection.createStatement()) {
      ddl.execute("SET lock_timeout = " + FenceLocks.MOMENT.toMillis());
      for (FenceTriggers.Fenced fenced : enabled) {
        disable(ddl, fenced);
      }
    } finally {
      resetLockTimeout(connection);
    }
  }

  private static void disable(Statement ddl, FenceTriggers.Fenced fenced) throws SQLException {
    try {
      ddl.execute(
          fenced.triggers().stream()
              .map(trigger -> " DISABLE TRIGGER " + TableName.quote(trigger))
              .collect(Collectors.joining(",", "ALTER TABLE ONLY " + fenced.table().quoted(), "")));
    } catch (SQLException e) {
      if (!FenceLocks.inTheWay(e) && !FenceLocks.gone(e)) {
        throw e;
      }
      LOG.debug("The triggers on {} stay on, without effect: {}", fenced.table(), e.getMessage());
    }
  }

  /** See {@link WriteFence#remove}. */
  void remove(Connection connection, Duration limit) throws SQLException {
    lower(connection);
    long deadline = System.nanoTime() + limit.toNanos();
    long patience = FenceLocks.patience(connection);
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
      drop(connection, fenced.table(), sql, deadline, limit, patience);
    }
    function.drop(connection);
    WriteFence.dropSchemaWhenEmpty(connection);
  }

  private void drop(
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
        if (FenceLocks.gone(e)) {
          return;
        }
        if (!FenceLocks.inTheWay(e)) {
          throw e;
        }
      } finally {
        resetLockTimeout(connection);
      }
    }
  }

  private static void resetLockTimeout(Connection connection) throws SQLException {
    try (Statement reset = connection.createStatement()) {
      reset.execute("RESET lock_timeout");
    }
  }
}
