/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.catalog.KeyType;
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
 * That is so for the built-in types here and for arrays of them, unless somebody made a cast of his
 * own. Values of enums come as an array of the enum, and are not cast.
 */
final class CastTypes {
  private static final String SQL =
      """
      SELECT a.attname
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
      LEFT JOIN pg_catalog.pg_type e ON e.oid OPERATOR(pg_catalog.=) t.typelem
        AND t.typcategory OPERATOR(pg_catalog.=) 'A' AND t.typlen OPERATOR(pg_catalog.=) -1
      WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(?)
        AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
        AND (COALESCE(e.oid, t.oid) OPERATOR(pg_catalog.=) ANY
               ('{16,17,20,21,23,25,26,114,650,700,701,829,869,1042,1043,1082,1083,1114,1184,1186,
                  1266,1700,2950,3802}'::pg_catalog.oid[])
             OR t.typtype OPERATOR(pg_catalog.=) 'e')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_cast c
           WHERE c.castsource OPERATOR(pg_catalog.=) 25
             AND c.casttarget OPERATOR(pg_catalog.=) ANY (ARRAY[t.oid, e.oid])
             AND c.oid OPERATOR(pg_catalog.>=) 16384)
      """;

  private CastTypes() {}

  /** By column as the stream has them; null when a column's type is another one. */
  static @Nullable List<String> read(
      Table table, List<String> columns, Map<String, KeyType> named, Connection target)
      throws SQLException {
    Map<String, String> types = new HashMap<>();
    try (PreparedStatement statement = target.prepareStatement(SQL)) {
      statement.setString(1, table.name().quoted());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String column = rows.getString(1);
          KeyType type = named.get(column);
          if (type != null) {
            types.put(column, type.type());
          }
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
