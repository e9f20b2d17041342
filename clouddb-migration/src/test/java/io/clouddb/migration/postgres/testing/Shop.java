/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.testing;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** An application at work: tables of several kinds, and threads that write to them. */
public final class Shop implements AutoCloseable {
  /** The tables, for both ends. */
  public static String[] schema() {
    return new String[] {
      "CREATE TABLE customer (id bigint PRIMARY KEY, name text NOT NULL, email varchar(80) UNIQUE,"
          + " balance numeric NOT NULL DEFAULT 0, seen timestamptz, tags text[])",
      "CREATE TABLE orders (customer bigint, no int, total numeric(12,2), note text, doc jsonb,"
          + " PRIMARY KEY (customer, no))",
      "CREATE TABLE event (at timestamptz, what text, amount float8)",
      "CREATE TABLE blob (id int PRIMARY KEY, body bytea, label text)",
      "CREATE TABLE quiet (id int PRIMARY KEY, t text, n numeric, j jsonb, f float8)"
    };
  }

  public static final String FULL_IDENTITY = "ALTER TABLE event REPLICA IDENTITY FULL";

  /** Refused because of another writer, which is a part of life. */
  private static final Set<String> EXPECTED = Set.of("40001", "40P01", "23505");

  private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ConnectionDetails source;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<Future<?>> writers = new ArrayList<>();
  private final AtomicLong commits = new AtomicLong();
  private volatile boolean stopped;

  public Shop(ConnectionDetails source) {
    this.source = source;
  }

  public static String[] rows(int scale) {
    return new String[] {
      "INSERT INTO customer SELECT i, 'name ' || i, i || '@example.com', i * 1.50, now(),"
          + " ARRAY['a', NULL, 'b' || i] FROM generate_series(1, "
          + scale
          + ") i",
      "INSERT INTO orders SELECT i, j, i * j * 0.25, repeat('note ', j),"
          + " jsonb_build_object('n', i, 'x', 1.0) FROM generate_series(1, "
          + scale
          + ") i,"
          + " generate_series(1, 3) j",
      "INSERT INTO event SELECT now(), 'start', NULL FROM generate_series(1, 50) i",
      "INSERT INTO blob SELECT i, decode(repeat(md5(i::text), 400), 'hex'), 'l' || i"
          + " FROM generate_series(1, 50) i",
      "INSERT INTO quiet SELECT i, 't' || i, i / 8.0, '{\"a\": 1.0}', '-0'::float8"
          + " FROM generate_series(1, 3000) i"
    };
  }

  public Shop start(int threads) {
    for (int i = 0; i < threads; i++) {
      int number = i;
      writers.add(
          pool.submit(
              () -> {
                write(number);
                return null;
              }));
    }
    return this;
  }

  public long commits() {
    return commits.get();
  }

  private void write(int number) throws SQLException {
    Random random = new Random(number);
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      long next = 1_000_000L * (number + 1);
      while (!stopped) {
        try {
          for (int i = random.nextInt(3); i >= 0; i--) {
            next = writeOne(statement, random, next);
          }
          if (random.nextInt(20) == 0) {
            connection.rollback();
          } else {
            connection.commit();
            commits.incrementAndGet();
          }
        } catch (SQLException e) {
          if (!EXPECTED.contains(String.valueOf(e.getSQLState()))) {
            throw e;
          }
          connection.rollback();
        }
        // Two of these, without a breath, take a small machine for themselves.
        LockSupport.parkNanos(BREATH_NANOS);
      }
    }
  }

  private static long writeOne(Statement statement, Random random, long next) throws SQLException {
    int old = 1 + random.nextInt(400);
    switch (random.nextInt(12)) {
      case 0, 1 ->
          statement.execute(
              "INSERT INTO customer VALUES ("
                  + next
                  + ", 'new', '"
                  + next
                  + "@x', 0.10, now(), '{}')");
      case 2, 3 ->
          statement.execute(
              "UPDATE customer SET balance = balance + 1.10, seen = clock_timestamp() WHERE id = "
                  + old);
      case 4 -> statement.execute("DELETE FROM customer WHERE id = " + (next - 5));
      case 5 ->
          statement.execute(
              "INSERT INTO orders SELECT "
                  + next
                  + ", j, j / 3.0, repeat('x', j * 700), '[null]'"
                  + " FROM generate_series(1, 4) j");
      case 6 ->
          statement.execute(
              "UPDATE orders SET customer = customer + 10000000 WHERE customer = " + (next - 3));
      case 7 ->
          statement.execute(
              "UPDATE orders SET note = NULL WHERE customer = " + old + " AND no = 2");
      case 8 ->
          statement.execute("INSERT INTO event VALUES (now(), 'e', " + random.nextInt(3) + ")");
      case 9 -> statement.execute("UPDATE blob SET label = 'n" + next + "' WHERE id = " + old % 50);
      case 10 ->
          statement.execute(
              "UPDATE blob SET body = decode(repeat(md5('"
                  + next
                  + "'), 300), 'hex') WHERE id = "
                  + old % 50);
      default ->
          statement.execute("DELETE FROM orders WHERE customer = " + (next - 2) + " AND no = 1");
    }
    return next + 1;
  }

  /** Stops the writers, and fails when one of them did. */
  public void stop() throws InterruptedException, ExecutionException {
    stopped = true;
    pool.shutdown();
    pool.awaitTermination(30, TimeUnit.SECONDS);
    for (Future<?> writer : writers) {
      writer.get();
    }
  }

  @Override
  public void close() {
    stopped = true;
    pool.shutdown();
    try {
      pool.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
