/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * An application that writes all the time, and keeps a ledger of what was acknowledged. Each
 * transaction touches several tables; after each it takes a breath, since without one it takes a
 * small machine for itself.
 */
public final class ShopWriters implements AutoCloseable {
  private static final Duration BREATH = Duration.ofMillis(2);

  private final DataSource shop;
  private final int customers;
  private final long pauseNanos;
  private final Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<UUID> inDoubt = new ConcurrentLinkedQueue<>();
  private final Queue<SQLException> errors = new ConcurrentLinkedQueue<>();
  private final AtomicLong lastGap = new AtomicLong();
  private final ExecutorService threads;
  private volatile boolean stop;

  public ShopWriters(DataSource shop, int writers, int customers) {
    this(shop, writers, customers, BREATH);
  }

  /** Writers with another breath, where the machine is needed for something else. */
  public ShopWriters(DataSource shop, int writers, int customers, Duration pause) {
    this.shop = shop;
    this.customers = customers;
    this.pauseNanos = pause.toNanos();
    this.threads = Executors.newFixedThreadPool(writers);
    for (int i = 0; i < writers; i++) {
      int writer = i;
      threads.execute(() -> write(writer));
    }
  }

  private void write(int writer) {
    for (long number = 0; !stop; number++) {
      UUID id = UUID.randomUUID();
      boolean committing = false;
      long began = System.nanoTime();
      try (Connection connection = shop.getConnection()) {
        connection.setAutoCommit(false);
        transaction(connection, id, writer, number);
        committing = true;
        connection.commit();
        acknowledged.add(id);
      } catch (SQLException e) {
        errors.add(e);
        if (committing) {
          inDoubt.add(id);
        }
        // A server that is down refuses at once.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      lastGap.accumulateAndGet(System.nanoTime() - began, Math::max);
      LockSupport.parkNanos(pauseNanos);
    }
  }

  private void transaction(Connection connection, UUID id, int writer, long number)
      throws SQLException {
    // Writers keep to customers of their own, so that they do not wait for each other.
    long customer = 1 + (number * 2 + writer) % customers;
    try (PreparedStatement ledger =
            connection.prepareStatement("INSERT INTO public.ledger VALUES (?, ?, ?, ?)");
        PreparedStatement balance =
            connection.prepareStatement(
                "UPDATE public.customers SET balance = balance + 1 WHERE id = ?");
        PreparedStatement order =
            connection.prepareStatement(
                "INSERT INTO public.orders (customer, total) VALUES (?, 1) RETURNING id");
        PreparedStatement event =
            connection.prepareStatement(
                "INSERT INTO public.events SELECT date '2026-01-01' + ?,"
                    + " nextval('public.audit_id_seq') + 1000000000, 'live'");
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM public.\"Order Items\" WHERE \"order\" = ?")) {
      ledger.setObject(1, id);
      ledger.setInt(2, writer);
      ledger.setLong(3, number);
      ledger.setLong(4, customer);
      ledger.executeUpdate();
      balance.setLong(1, customer);
      balance.executeUpdate();
      order.setLong(1, customer);
      order.execute();
      event.setInt(1, (int) (number % 300));
      event.executeUpdate();
      delete.setLong(1, customer);
      delete.executeUpdate();
    }
  }

  public int written() {
    return acknowledged.size();
  }

  List<SQLException> errors() {
    return List.copyOf(errors);
  }

  /** The longest time that one transaction took, the wait for its connection included. */
  long longestMillis() {
    return TimeUnit.NANOSECONDS.toMillis(lastGap.get());
  }

  /** Acknowledged writes that the database does not have. */
  public Set<UUID> lost(ConnectionDetails database) throws SQLException {
    Set<UUID> lost = new HashSet<>(acknowledged);
    lost.removeAll(ids(database));
    return lost;
  }

  /** Writes that the database has and that nobody acknowledged, nor is in doubt of. */
  public Set<UUID> unknown(ConnectionDetails database) throws SQLException {
    Set<UUID> unknown = new HashSet<>(ids(database));
    unknown.removeAll(new HashSet<>(acknowledged));
    unknown.removeAll(new HashSet<>(inDoubt));
    return unknown;
  }

  private static Set<UUID> ids(ConnectionDetails database) throws SQLException {
    Set<UUID> found = new HashSet<>();
    try (Connection connection = database.connect();
        Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("SELECT id FROM public.ledger")) {
      while (row.next()) {
        found.add(row.getObject(1, UUID.class));
      }
    }
    return found;
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
