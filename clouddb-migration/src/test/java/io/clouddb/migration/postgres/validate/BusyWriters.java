/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.stream.Pause;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Two writers as fast as they can, in transactions of one row and of many, with key changes and
 * deletes. Each has half of the busy rows to itself.
 *
 * <p>A transaction that touches table {@code wide} adds a row to the writer's log, whose number of
 * rows on an end therefore says which of them that end has seen; what they touched is kept here.
 */
final class BusyWriters implements AutoCloseable {
  static final int WRITERS = 2;
  private static final long MOVED = 1_000_000;

  private final ConnectionDetails source;
  private final long seed;
  private final ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
  private final List<Future<?>> running = new ArrayList<>();

  /** For each writer, the rows that its first, second, ... logged transaction touched. */
  private final List<List<Set<Long>>> touched = List.of(new ArrayList<>(), new ArrayList<>());

  private volatile boolean stopped;

  BusyWriters(ConnectionDetails source, long seed) {
    this.source = source;
    this.seed = seed;
  }

  BusyWriters start() {
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      running.add(
          pool.submit(
              () -> {
                write(number);
                return null;
              }));
    }
    return this;
  }

  static int writerOf(long row) {
    return (int) (row % WRITERS);
  }

  /** The row that a key belongs to, which may have moved. */
  static long rowOf(long key) {
    return key % MOVED;
  }

  /** Whether a row was written by one of a writer's logged transactions, counted from 1. */
  boolean touched(long row, long after, long upTo) {
    List<Set<Long>> log = touched.get(writerOf(row));
    synchronized (log) {
      return log.subList((int) after, (int) upTo).stream().anyMatch(rows -> rows.contains(row));
    }
  }

  /**
   * Waits until more was written, so that no pass runs beside writers that wait for the machine.
   */
  void awaitMore() throws ExecutionException, InterruptedException {
    long enough = logged() + 10;
    long deadline = System.nanoTime() + Ends.PATIENCE.toNanos();
    while (logged() < enough) {
      for (Future<?> writer : running) {
        if (writer.isDone()) {
          writer.get();
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("The writers do not write");
      }
      Pause.millis(2);
    }
  }

  private long logged() {
    long sum = 0;
    for (List<Set<Long>> log : touched) {
      synchronized (log) {
        sum += log.size();
      }
    }
    return sum;
  }

  private void write(int number) throws SQLException {
    Random random = new Random(seed + number);
    Map<Long, Long> keys = new HashMap<>();
    for (long row = WideTable.QUIET + 1; row <= WideTable.QUIET + WideTable.BUSY; row++) {
      if (writerOf(row) == number) {
        keys.put(row, row);
      }
    }
    List<Long> rows = List.copyOf(keys.keySet());
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (long round = 0; !stopped; round++) {
        int changes = random.nextInt(4) == 0 ? 2 + random.nextInt(40) : 1;
        if (random.nextInt(4) == 0) {
          writeWide(statement, number, random, keys, rows, changes);
          connection.commit();
        } else {
          for (int i = 0; i < changes; i++) {
            statement.execute(other(number, random, round * 50 + i));
          }
          if (random.nextInt(20) == 0) {
            connection.rollback();
          } else {
            connection.commit();
          }
        }
      }
    }
  }

  private void writeWide(
      Statement statement,
      int number,
      Random random,
      Map<Long, Long> keys,
      List<Long> rows,
      int changes)
      throws SQLException {
    Set<Long> written = new TreeSet<>();
    for (int i = 0; i < Math.min(changes, 8); i++) {
      long row = rows.get(random.nextInt(rows.size()));
      long key = keys.getOrDefault(row, row);
      written.add(row);
      switch (random.nextInt(4)) {
        case 0 -> {
          long moved = key > MOVED ? row : row + MOVED;
          statement.execute("UPDATE wide SET id = " + moved + " WHERE id = " + key);
          keys.put(row, moved);
        }
        case 1 -> {
          statement.execute("DELETE FROM wide WHERE id = " + key);
          statement.execute(WideTable.insert(key, random, false));
        }
        default -> {
          int column = random.nextInt(WideTable.TYPES.size());
          String value = WideTable.value(WideTable.TYPES.get(column), random, false);
          statement.execute("UPDATE wide SET c" + column + " = " + value + " WHERE id = " + key);
        }
      }
    }
    List<Set<Long>> log = touched.get(number);
    int transaction;
    synchronized (log) {
      log.add(written);
      transaction = log.size();
    }
    statement.execute("INSERT INTO log_" + number + " VALUES (" + transaction + ")");
  }

  /** A change of a row that only this writer has. */
  private static String other(int number, Random random, long next) {
    String mine = "'w" + number + "'";
    long old = next - random.nextInt(100);
    return switch (random.nextInt(9)) {
      case 0, 1, 2 ->
          "INSERT INTO pairs VALUES (" + mine + ", " + next + ", 'n', 1.50) ON CONFLICT DO NOTHING";
      case 3 -> "UPDATE pairs SET n = n + 1, note = NULL WHERE a = " + mine + " AND b = " + old;
      case 4 ->
          "DELETE FROM pairs WHERE a = " + mine + " AND b BETWEEN " + (old - 60) + " AND " + old;
      case 5 -> "UPDATE pairs SET b = -b - 1 WHERE a = " + mine + " AND b = " + old + " AND b > 0";
      case 6 -> "INSERT INTO plain VALUES (" + number + ", 'busy', 1.5, '[1.0]', now())";
      case 7 ->
          "UPDATE plain SET t = 'busy too' WHERE ctid = (SELECT ctid FROM plain WHERE n = "
              + number
              + " LIMIT 1)";
      default -> "DELETE FROM plain WHERE n = " + number + " AND random() < 0.7";
    };
  }

  /** Stops the writers, and fails when one of them did. */
  void stop() throws InterruptedException, ExecutionException {
    stopped = true;
    for (Future<?> writer : running) {
      writer.get();
    }
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    pool.shutdown();
    if (!pool.awaitTermination(60, TimeUnit.SECONDS)) {
      throw new AssertionError("The writers do not end");
    }
  }
}
