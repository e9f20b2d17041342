/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The rows by which a restore is told from another one, numbered from one on. */
final class WrittenRows {
  private WrittenRows() {}

  /** Makes the table of them. */
  static void makeTable(ConnectionDetails in) throws SQLException {
    try (Connection connection = in.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE public.written (id bigint PRIMARY KEY, at pg_catalog.timestamptz)");
    }
  }

  /** Writes those from one number to another. */
  static void write(ConnectionDetails to, long first, long last) throws SQLException {
    try (Connection connection = to.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO public.written"
                    + " SELECT n, pg_catalog.now() FROM pg_catalog.generate_series(?, ?) AS n")) {
      insert.setLong(1, first);
      insert.setLong(2, last);
      insert.execute();
    }
  }

  /** The number of the last one that is there; every one before it is there, too. */
  static long last(ConnectionDetails in) throws SQLException {
    try (Connection connection = in.connect();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT pg_catalog.count(*), COALESCE(pg_catalog.max(id), 0)"
                    + " FROM public.written")) {
      assertThat(found.next()).isTrue();
      long last = found.getLong(2);
      assertThat(found.getLong(1)).as("rows, none of which is missing").isEqualTo(last);
      return last;
    }
  }
}
