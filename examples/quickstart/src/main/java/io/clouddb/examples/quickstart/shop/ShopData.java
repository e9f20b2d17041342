/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.shop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A shop's database: tables with foreign keys, enums, a domain, identity and generated columns,
 * arrays, JSON, large values, a trigger, a view and five kinds of index. The server computes the
 * rows from their numbers, so that they are made fast and come out the same every time.
 */
public final class ShopData {
  /** Fewest rows that make sense of the shares below. */
  public static final long FEWEST_ROWS = 1_000;

  private static final long MOST_DOCUMENTS = 20;
  private static final long ROWS_PER_DOCUMENT = 20_000;

  private final Map<String, Long> rows = new LinkedHashMap<>();

  private ShopData(long total) {
    long documents = Math.max(2, Math.min(MOST_DOCUMENTS, total / ROWS_PER_DOCUMENT));
    rows.put("customers", total / 10);
    rows.put("products", total / 100);
    rows.put("orders", total / 5);
    rows.put("events", total / 5);
    rows.put("documents", documents);
    rows.put("order_lines", total - rows.values().stream().mapToLong(Long::longValue).sum());
  }

  /**
   * Divides rows among the tables.
   *
   * @param total how many rows in all, at least {@link #FEWEST_ROWS}
   * @return the data, which is nowhere yet
   */
  public static ShopData ofRows(long total) {
    if (total < FEWEST_ROWS) {
      throw new IllegalArgumentException("At least " + FEWEST_ROWS + " rows are needed");
    }
    return new ShopData(total);
  }

  /** How many rows there are in all. */
  public long total() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many tables there are, with the application's own. */
  public int tables() {
    return rows.size() + 1;
  }

  /** How many customers there are; their ids count from 1. */
  public long customers() {
    return rows.getOrDefault("customers", 0L);
  }

  /** How many products there are; their ids count from 1. */
  public long products() {
    return rows.getOrDefault("products", 0L);
  }

  /**
   * Makes the schema {@code shop} and its rows.
   *
   * @param connection to an empty database that the user may make schemas in
   * @throws SQLException when the server refuses
   */
  public void fill(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement();
        PreparedStatement setting =
            connection.prepareStatement("SELECT set_config('quickstart.' || ?, ?, true)")) {
      for (Map.Entry<String, Long> table : rows.entrySet()) {
        setting.setString(1, table.getKey());
        setting.setString(2, Long.toString(table.getValue()));
        setting.execute();
      }
      statement.execute(script("tables.sql"));
      statement.execute(script("rows.sql"));
      statement.execute(script("constraints.sql"));
      connection.commit();
    }
  }

  private static String script(String name) {
    try (InputStream in = ShopData.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
