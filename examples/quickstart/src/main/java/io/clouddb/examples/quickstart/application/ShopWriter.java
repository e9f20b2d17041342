/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.application;

import io.clouddb.examples.quickstart.ledger.LedgerFile;
import io.clouddb.examples.quickstart.ledger.WriteKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the application's connections: writes without a rest, notes each write before and after.
 * Workers change different customers and products, so that they never wait for each other.
 */
final class ShopWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ShopWriter.class);
  private static final int MOST_LINES = 4;
  private static final int MOST_OPEN_ORDERS = 200;
  private static final long PAUSE_AFTER_ERROR_MILLIS = 100;

  private record Order(UUID placedBy, long id) {}

  private record Write(UUID id, WriteKind kind, String subject, int amount) {}

  private final DataSource shop;
  private final LedgerFile ledger;
  private final int worker;
  private final int workers;
  private final long customers;
  private final long products;
  private final WriteCounts counts;
  private final CountDownLatch stop;
  private final RandomGenerator random;
  private final Deque<Order> open = new ArrayDeque<>();

  ShopWriter(
      DataSource shop,
      LedgerFile ledger,
      int worker,
      int workers,
      long customers,
      long products,
      WriteCounts counts,
      CountDownLatch stop,
      RandomGenerator random) {
    this.shop = shop;
    this.ledger = ledger;
    this.worker = worker;
    this.workers = workers;
    this.customers = customers;
    this.products = products;
    this.counts = counts;
    this.stop = stop;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      try (Connection first = shop.getConnection()) {
        first.rollback();
      }
      counts.ready(worker);
      while (stop.getCount() > 0) {
        if (!write(next())) {
          stop.await(PAUSE_AFTER_ERROR_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("There is no database", e);
    } catch (IOException e) {
      throw new UncheckedIOException("The ledger cannot be written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Write next() {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    int lot = random.nextInt(10);
    if (lot < 4) {
      return new Write(id, WriteKind.SELL_PRODUCT, Long.toString(mine(products)), 1);
    }
    if (lot < 6) {
      return new Write(id, WriteKind.UPDATE_PROFILE, Long.toString(mine(customers)), 1);
    }
    if ((lot == 6 && !open.isEmpty()) || open.size() >= MOST_OPEN_ORDERS) {
      return new Write(id, WriteKind.CANCEL_ORDER, open.getFirst().placedBy().toString(), 1);
    }
    String customer = Long.toString(1 + random.nextLong(customers));
    return new Write(id, WriteKind.PLACE_ORDER, customer, 1 + random.nextInt(MOST_LINES));
  }

  /** One of the ids from 1 to the given one that no other worker takes. */
  private long mine(long most) {
    return 1 + worker + workers * random.nextLong((most - worker + workers - 1) / workers);
  }

  private boolean write(Write write) throws IOException {
    ledger.intend(write.id(), write.kind(), write.subject(), write.amount());
    boolean committing = false;
    Order placed = null;
    try (Connection connection = shop.getConnection()) {
      try {
        switch (write.kind()) {
          case PLACE_ORDER -> placed = placeOrder(connection, write);
          case SELL_PRODUCT -> sellProduct(connection, write);
          case CANCEL_ORDER -> cancelOrder(connection, open.getFirst().id());
          case UPDATE_PROFILE -> updateProfile(connection, write);
        }
        note(connection, write);
        committing = true;
        connection.commit();
      } catch (SQLException e) {
        failed(write, e);
        connection.rollback();
        if (!committing) {
          ledger.rolledBack(write.id());
        }
        return false;
      }
    } catch (SQLException e) {
      failed(write, e);
      return false;
    }
    ledger.acknowledge(write.id());
    counts.acknowledged(worker);
    if (placed != null) {
      open.addLast(placed);
    }
    if (write.kind() == WriteKind.CANCEL_ORDER) {
      open.removeFirst();
    }
    return true;
  }

  private void failed(Write write, SQLException e) {
    counts.failed();
    LOG.warn("{} {} failed with {}", write.kind(), write.id(), e.getSQLState(), e);
  }

  private Order placeOrder(Connection connection, Write write) throws SQLException {
    long id;
    try (PreparedStatement order =
        connection.prepareStatement(
            "INSERT INTO shop.orders (customer_id, placed_by) VALUES (?, ?) RETURNING id")) {
      order.setLong(1, Long.parseLong(write.subject()));
      order.setObject(2, write.id());
      try (ResultSet row = order.executeQuery()) {
        row.next();
        id = row.getLong(1);
      }
    }
    try (PreparedStatement lines =
        connection.prepareStatement(
            "INSERT INTO shop.order_lines (order_id, line, product_id, quantity, price) SELECT ?,"
                + " n, 1 + (? + n) % ?, n, n + 0.99 FROM generate_series(1, ?) AS n")) {
      lines.setLong(1, id);
      lines.setLong(2, random.nextLong(products));
      lines.setLong(3, products);
      lines.setInt(4, write.amount());
      lines.executeUpdate();
    }
    return new Order(write.id(), id);
  }

  private static void sellProduct(Connection connection, Write write) throws SQLException {
    try (PreparedStatement product =
        connection.prepareStatement("UPDATE shop.products SET sold = sold + 1 WHERE id = ?")) {
      product.setLong(1, Long.parseLong(write.subject()));
      one(product.executeUpdate());
    }
  }

  private static void cancelOrder(Connection connection, long id) throws SQLException {
    try (PreparedStatement order =
        connection.prepareStatement("DELETE FROM shop.orders WHERE id = ?")) {
      order.setLong(1, id);
      one(order.executeUpdate());
    }
  }

  private static void updateProfile(Connection connection, Write write) throws SQLException {
    try (PreparedStatement customer =
        connection.prepareStatement(
            "UPDATE shop.customers SET profile = jsonb_set(profile, '{lastWrite}',"
                + " to_jsonb(?::text)), balance = balance + 0.01 WHERE id = ?")) {
      customer.setString(1, write.id().toString());
      customer.setLong(2, Long.parseLong(write.subject()));
      one(customer.executeUpdate());
    }
  }

  private static void note(Connection connection, Write write) throws SQLException {
    try (PreparedStatement row =
        connection.prepareStatement("INSERT INTO shop.writes (write_id, kind) VALUES (?, ?)")) {
      row.setObject(1, write.id());
      row.setString(2, write.kind().name());
      row.executeUpdate();
    }
  }

  private static void one(int rows) throws SQLException {
    if (rows != 1) {
      throw new SQLException(rows + " rows instead of one: the database is not what it was");
    }
  }
}
