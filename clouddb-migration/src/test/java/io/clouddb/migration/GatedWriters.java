/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Writers of {@link GatedSchema}'s source, at work until the fence refuses them. */
final class GatedWriters implements AutoCloseable {
  private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final String FENCED = "25006";

  /** Refused because of another writer, which is a part of life. */
  private static final Set<String> EXPECTED = Set.of("40001", "40P01", "23505", "23503");

  private final ConnectionDetails source;
  private final ExecutorService threads;
  private final List<Future<?>> writers = new ArrayList<>();
  private final AtomicLong commits = new AtomicLong();
  private volatile boolean stop;

  GatedWriters(ConnectionDetails source, int count) {
    this.source = source;
    this.threads = Executors.newFixedThreadPool(count);
    for (int i = 0; i < count; i++) {
      int number = i;
      writers.add(
          threads.submit(
              () -> {
                write(number);
                return null;
              }));
    }
  }

  /** Waits until so many more transactions were committed. */
  void await(int more) {
    long from = commits.get();
    Eventually.until("writes", () -> commits.get() >= from + more || anyEnded());
  }

  private boolean anyEnded() {
    return writers.stream().anyMatch(Future::isDone);
  }

  private void write(int number) throws SQLException {
    Random random = new Random(number);
    long next = 1_000_000L * (number + 1);
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop) {
        try {
          for (int i = random.nextInt(3); i >= 0; i--) {
            change(statement, random, next++);
          }
          if (random.nextInt(10) == 0) {
            connection.rollback();
          } else {
            connection.commit();
            commits.incrementAndGet();
          }
        } catch (SQLException e) {
          if (FENCED.equals(e.getSQLState())) {
            return;
          }
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

  private static void change(Statement statement, Random random, long next) throws SQLException {
    int old = 1 + random.nextInt(300);
    switch (random.nextInt(14)) {
      case 0 ->
          statement.execute(
              "INSERT INTO public.big VALUES (%d, repeat('%d', 600), 1, 1)".formatted(next, next));
      // Values that are stored apart and did not change come as a mark, not as data.
      case 1, 2 -> statement.execute("UPDATE public.big SET n = n + 1 WHERE id = " + (old + 500));
      case 3 -> statement.execute("UPDATE public.big SET body = body || 'x' WHERE id = " + old);
      case 4 ->
          statement.execute("UPDATE public.big SET id = %d WHERE id = %d".formatted(next, old));
      case 5 -> statement.execute("DELETE FROM public.big WHERE id = " + (old + 900));
      case 6 ->
          statement.execute(
              "INSERT INTO public.big VALUES (%d, 'parent', 2, 1); INSERT INTO public.child VALUES (%d, %d)"
                  .formatted(next, next, next));
      case 7 ->
          statement.execute(
              "INSERT INTO public.keyless VALUES (%d, 'new', 1), (%d, 'new', 1)"
                  .formatted(old % 50, old % 50));
      case 8 ->
          statement.execute(
              "UPDATE public.keyless SET t = t || '.' WHERE ctid = (SELECT ctid FROM public.keyless"
                  + " WHERE a = "
                  + old % 50
                  + " AND length(t) < 20 LIMIT 1)");
      case 9 ->
          statement.execute(
              "DELETE FROM public.keyless WHERE ctid = (SELECT ctid FROM public.keyless WHERE a = "
                  + old % 50
                  + " AND g > 0 LIMIT 1)");
      case 10 ->
          statement.execute(
              "UPDATE public.renumbered SET id = %d WHERE id = %d".formatted(next, old));
      case 11 ->
          statement.execute("UPDATE public.parted SET region = 3 - region WHERE id = " + old);
      case 12 -> statement.execute("INSERT INTO public.filled VALUES (" + next + ", 'filled')");
      default ->
          statement.execute("UPDATE public.indexed SET t = 'u' || t WHERE id = " + old % 200);
    }
  }

  /** Waits until the fence has refused all of them, and fails when one ended otherwise. */
  void awaitFenced() throws Exception {
    for (Future<?> writer : writers) {
      writer.get(60, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop = true;
    threads.shutdown();
    if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
      throw new AssertionError("The writers do not end");
    }
  }
}
