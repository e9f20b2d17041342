/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Compares tables on snapshots that are already taken, several tables at once. */
final class ParallelComparison {
  /** A guess for tables that were never analyzed. */
  private static final long SMALL_ROW_BYTES = 100;

  private final List<SnapshotPair> pairs;
  private final int listed;
  private final Map<TableName, Long> sourceFiles;
  private final Map<TableName, Long> targetFiles;
  private final LongConsumer compared;

  ParallelComparison(
      List<SnapshotPair> pairs,
      int listed,
      Map<TableName, Long> sourceFiles,
      Map<TableName, Long> targetFiles,
      LongConsumer compared) {
    this.pairs = pairs;
    this.listed = listed;
    this.sourceFiles = sourceFiles;
    this.targetFiles = targetFiles;
    this.compared = compared;
  }

  /** Compares; tables that were truncated or rewritten since the snapshot are not in the result. */
  List<ValidatedTable> run(List<Table> tables) {
    Queue<Table> queue =
        new ConcurrentLinkedQueue<>(
            tables.stream().sorted(Comparator.comparing(Table::pages).reversed()).toList());
    Queue<ValidatedTable> results = new ConcurrentLinkedQueue<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            2 * pairs.size(),
            task -> {
              Thread thread = new Thread(task, "clouddb-validate");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> running = new ArrayList<>();
      for (SnapshotPair pair : pairs) {
        running.add(
            pool.submit(
                () -> {
                  for (Table table = queue.poll(); table != null; table = queue.poll()) {
                    compare(table, pair, pool, results);
                  }
                  return null;
                }));
      }
      for (Future<?> worker : running) {
        join(worker);
      }
      return List.copyOf(results);
    } finally {
      queue.clear();
      pool.shutdownNow();
    }
  }

  private void compare(
      Table table, SnapshotPair pair, ExecutorService pool, Queue<ValidatedTable> results) {
    try {
      // The lock on a table that was read goes with the savepoint, so that a TRUNCATE that waits
      // for it, of the application or of the applier, waits no longer than for this table.
      Savepoint left = pair.source.setSavepoint();
      Savepoint right = pair.target.setSavepoint();
      TableComparison comparison = new TableComparison(table, estimate(pair.source, table));
      Future<Map<Integer, TableComparison.Bucket>> source =
          pool.submit(() -> comparison.pass(pair.source, compared));
      Map<Integer, TableComparison.Bucket> target;
      try {
        target = comparison.pass(pair.target, compared);
      } finally {
        // Whatever happens on one end: no thread works on a connection that is being closed.
        await(source);
      }
      if (undisturbed(table, pair)) {
        results.add(comparison.judge(join(source), target, pair.source, pair.target, listed));
      }
      pair.source.rollback(left);
      pair.target.rollback(right);
    } catch (SQLException e) {
      throw SqlFailure.of("comparing " + table.name(), e);
    }
  }

  private boolean undisturbed(Table table, SnapshotPair pair) throws SQLException {
    return Objects.equals(
            sourceFiles.get(table.name()), SnapshotPair.fileOf(pair.source, table.name()))
        && Objects.equals(
            targetFiles.get(table.name()), SnapshotPair.fileOf(pair.target, table.name()));
  }

  static long estimate(Connection source, Table table) throws SQLException {
    try (PreparedStatement statement =
        source.prepareStatement(
            "SELECT GREATEST(reltuples::bigint, CASE WHEN reltuples OPERATOR(pg_catalog.>) 0"
                + " THEN 0 ELSE pg_catalog.pg_relation_size(oid) OPERATOR(pg_catalog./) ? END)"
                + " FROM pg_catalog.pg_class"
                + " WHERE oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(?)")) {
      statement.setLong(1, SMALL_ROW_BYTES);
      statement.setString(2, table.name().quoted());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : table.estimatedRows();
      }
    }
  }

  private static void await(Future<?> future) {
    try {
      future.get();
    } catch (ExecutionException e) {
      // Thrown by join, where nothing else has failed before.
      return;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static <T> T join(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CloudDbException known) {
        throw known;
      }
      if (e.getCause() instanceof SQLException sql) {
        throw SqlFailure.of("comparing", sql);
      }
      throw ErrorDetails.of(ErrorCategory.OTHER, "The comparison failed").toException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static RuntimeException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return ErrorDetails.of(ErrorCategory.OTHER, "The comparison was interrupted").toException(e);
  }
}
