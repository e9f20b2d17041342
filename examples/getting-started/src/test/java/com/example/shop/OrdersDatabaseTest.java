/* SPDX-License-Identifier: Apache-2.0 */
// @start region="code"
package com.example.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class OrdersDatabaseTest {
  @Test
  void ordersAreKept() throws Exception {
    try (SimulatedGoogle google = SimulatedGoogle.start(); // ten minutes pass in a second
        CloudDb cloud = CloudDb.open(google.config().build())) {
      Instance orders = OrdersDatabase.ensure(cloud, SecretRef.literal("only-for-this-test-1"));

      try (Connection connection = orders.connection().dataSource().getConnection();
          Statement statement = connection.createStatement()) { // a real PostgreSQL
        statement.execute("CREATE TABLE orders (id int PRIMARY KEY, item text)");
        statement.execute("INSERT INTO orders VALUES (1, 'tea')");
        try (ResultSet row = statement.executeQuery("SELECT item FROM orders")) {
          row.next();
          assertEquals("tea", row.getString(1));
        }
      }
    }
  }
}
// @end region="code"
