/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types to which values of a {@code text[]} are cast before they are assigned. A cast from text
 * must be the type's input function, and to the type without its modifier, so that it is the
 * assignment that applies the modifier and refuses what is too long, where a cast would cut it off.
 * That is so for the built-in types here, for enums, and for arrays of both.
 */
final class CastTypes {
  private static final String SQL =
      """
      SELECT a.attname, pg_catalog.format_type(t.oid, -1)
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' AND t.typlen = -1
      WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
        AND (coalesce(e.oid, t.oid) IN (16, 17, 20, 21, 23, 25, 26, 114, 650, 700, 701, 829, 869,
               1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950, 3802)
             OR coalesce(e.typtype, t.typtype) = 'e')
      """;

  private CastTypes() {}

  /** By column as the stream has them; null when a column's type is another one. */
  static @Nullable List<String> read(Table table, List<String> columns, Connection target)
      throws SQLException {
    Map<String, String> types = new HashMap<>();
    try (PreparedStatement statement = target.prepareStatement(SQL)) {
      statement.setString(1, table.name().quoted());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          types.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    List<String> result = new ArrayList<>();
    for (String column : columns) {
      String type = types.get(column);
      if (type == null) {
        return null;
      }
      result.add(type);
    }
    return result;
  }
}
