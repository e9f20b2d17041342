/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writers straight to the source, who follow no route, until the fence refuses them. They keep what
 * was acknowledged. Their table has a number and a text.
 */
public final class FreeWriters implements AutoCloseable {
  private static final String FENCED = "25006";
  private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

  /** A connection for each write is most of the work of a small machine. */
  private static final int WRITES_OF_A_SESSION = 5;

  private final ConnectionDetails source;
  private final String table;
  private final ExecutorService threads;
  private final List<Future<?>> writers = new ArrayList<>();
  private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
  private final AtomicLong next = new AtomicLong(1_000_000);
  private volatile boolean stop;

  public FreeWriters(ConnectionDetails source, String table, int count) {
    this.source = source;
    this.table = table;
    this.threads = Executors.newFixedThreadPool(count);
    for (int i = 0; i < count; i++) {
      writers.add(
          threads.submit(
              () -> {
                write();
                return null;
              }));
    }
  }

  private void write() throws SQLException {
    while (!stop) {
      // Short sessions, so that what is altered for sessions concerns them.
      try (Connection connection = source.connect();
          PreparedStatement insert =
              connection.prepareStatement("INSERT INTO public." + table + " VALUES (?, 'free')")) {
        for (int i = 0; i < WRITES_OF_A_SESSION && !stop; i++) {
          long id = next.incrementAndGet();
          insert.setLong(1, id);
          insert.executeUpdate();
          acknowledged.add(id);
          LockSupport.parkNanos(BREATH_NANOS);
        }
      } catch (SQLException e) {
        if (FENCED.equals(e.getSQLState())) {
          return;
        }
        throw e;
      }
    }
  }

  /** Waits until so many more were acknowledged. */
  public void await(int more) {
    int from = acknowledged.size();
    Eventually.until(
        "writes",
        () -> acknowledged.size() >= from + more || writers.stream().anyMatch(Future::isDone));
    if (acknowledged.size() < from + more) {
      throw new AssertionError("A writer ended: " + writers);
    }
  }

  /** Waits until the fence has refused all of them, and fails when one ended otherwise. */
  public void awaitRefused() throws Exception {
    for (Future<?> writer : writers) {
      writer.get(120, TimeUnit.SECONDS);
    }
  }

  /** What was acknowledged and is not there. */
  public Set<Long> lost(ConnectionDetails database) throws SQLException {
    Set<Long> lost = new TreeSet<>(acknowledged);
    String there =
        TwoDatabases.ask(
            database, "SELECT coalesce(string_agg(id::text, ','), '') FROM public." + table);
    for (String id : there.split(",")) {
      if (!id.isEmpty()) {
        lost.remove(Long.valueOf(id));
      }
    }
    return lost;
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
