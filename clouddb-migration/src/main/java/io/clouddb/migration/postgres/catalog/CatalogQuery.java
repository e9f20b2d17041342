/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows of the catalogs into values. */
public final class CatalogQuery {
  /**
   * Makes a value of one row.
   *
   * @param <T> the value
   */
  @FunctionalInterface
  public interface RowMapper<T> {
    /**
     * Makes a value of the current row.
     *
     * @param row positioned on the row
     * @return the value
     * @throws SQLException when the driver cannot read the row
     */
    T map(ResultSet row) throws SQLException;
  }

  private CatalogQuery() {}

  /**
   * Runs a query and maps each row.
   *
   * @param connection where to run it
   * @param sql the query; its values are parameters
   * @param mapper makes a value of a row
   * @param parameters bound in order
   * @param <T> the value
   * @return the values, in the order of the rows
   * @throws SQLException when the query fails
   */
  public static <T> List<T> list(
      Connection connection, String sql, RowMapper<T> mapper, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      List<T> values = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          values.add(mapper.map(row));
        }
      }
      return values;
    }
  }

  /**
   * Reads a column of type {@code text[]}.
   *
   * @param row positioned on the row
   * @param column the column's label
   * @return its elements; empty when it is NULL
   * @throws SQLException when the driver cannot read it
   */
  public static List<String> strings(ResultSet row, String column) throws SQLException {
    @Nullable Array array = row.getArray(column);
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  /**
   * The version of the server.
   *
   * @param connection to the server
   * @return the major version, for example 16
   * @throws SQLException when the driver cannot tell
   */
  public static int majorVersion(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion();
  }
}
