/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class ShopDataTest {
  private static final String ROWS =
      "SELECT (SELECT count(*) FROM shop.customers) + (SELECT count(*) FROM shop.products) +"
          + " (SELECT count(*) FROM shop.orders) + (SELECT count(*) FROM shop.order_lines) +"
          + " (SELECT count(*) FROM shop.events) + (SELECT count(*) FROM shop.documents)";

  @Test
  void asManyRowsAreMadeAsWereAskedFor() throws SQLException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().durable(false).start();
        Connection connection = postgres.superuser().connect();
        Statement statement = connection.createStatement()) {
      ShopData data = ShopData.ofRows(ShopData.FEWEST_ROWS + 7);

      data.fill(connection);

      try (ResultSet row = statement.executeQuery(ROWS)) {
        row.next();
        assertThat(row.getLong(1)).isEqualTo(data.total()).isEqualTo(ShopData.FEWEST_ROWS + 7);
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT max(octet_length(body) + octet_length(scan)) FROM" + " shop.documents")) {
        row.next();
        assertThat(row.getLong(1)).isGreaterThan(200_000);
      }
    }
  }

  @Test
  void tooFewRowsAreRefused() {
    assertThatThrownBy(() -> ShopData.ofRows(ShopData.FEWEST_ROWS - 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
