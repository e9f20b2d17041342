/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says whether a table may travel in binary form. Binary is faster, and exact where both servers
 * read the same bytes alike: for built-in types that carry no object numbers, for enums, which
 * travel as their labels, and for domains over such types. Everything else goes as text.
 */
final class BinaryTypes {
  /**
   * Object numbers of types whose binary form is the same from 14 to 18. Not in it: the reg types,
   * whose binary form is a number of the cluster; xml, whose binary form rewrites its declaration;
   * aclitem, which has none.
   */
  private static final Set<Integer> SAFE =
      Set.of(
          16, 17, 18, 19, 20, 21, 23, 25, 26, 27, 28, 114, 600, 601, 602, 603, 604, 628, 650, 700,
          701, 718, 774, 790, 829, 869, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266, 1560, 1562,
          1700, 2950, 3220, 3614, 3615, 3802, 3904, 3906, 3908, 3910, 3912, 3926, 4072, 4451, 4532,
          4533, 4534, 4535, 4536);

  /** What the catalog says of a type. */
  private record TypeInfo(char kind, int base, int element) {}

  private final Map<Integer, TypeInfo> types;

  private BinaryTypes(Map<Integer, TypeInfo> types) {
    this.types = types;
  }

  static BinaryTypes read(Connection source) throws SQLException {
    try (PreparedStatement statement =
            source.prepareStatement(
                "SELECT t.oid, t.typtype, t.typbasetype,"
                    + " CASE WHEN t.typcategory OPERATOR(pg_catalog.=) 'A' THEN t.typelem ELSE 0"
                    + " END FROM pg_catalog.pg_type t"
                    + " WHERE t.typtype OPERATOR(pg_catalog.=) ANY ('{b,d,e}')");
        ResultSet rows = statement.executeQuery()) {
      Map<Integer, TypeInfo> types = new HashMap<>();
      while (rows.next()) {
        types.put(
            (int) rows.getLong(1),
            new TypeInfo(
                rows.getString(2).charAt(0), (int) rows.getLong(3), (int) rows.getLong(4)));
      }
      return new BinaryTypes(types);
    }
  }

  /** Whether all data columns are safe, and have the same type on the target. */
  boolean allow(Table table, Connection target) throws SQLException {
    List<Column> columns = table.dataColumns();
    if (!columns.stream().allMatch(column -> isSafe(column.typeOid()))) {
      return false;
    }
    Map<String, String> expected =
        columns.stream().collect(Collectors.toMap(Column::name, Column::type));
    try (PreparedStatement statement =
        target.prepareStatement(
            "SELECT attname, pg_catalog.format_type(atttypid, atttypmod)"
                + " FROM pg_catalog.pg_attribute"
                + " WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(?)"
                + " AND attnum OPERATOR(pg_catalog.>) 0 AND NOT attisdropped")) {
      statement.setString(1, table.name().quoted());
      int same = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String type = expected.get(rows.getString(1));
          if (type == null) {
            continue;
          }
          if (!unqualified(type).equals(unqualified(rows.getString(2)))) {
            return false;
          }
          same++;
        }
      }
      return same == columns.size();
    }
  }

  private boolean isSafe(int oid) {
    if (SAFE.contains(oid)) {
      return true;
    }
    TypeInfo type = types.get(oid);
    if (type == null) {
      return false;
    }
    return switch (type.kind()) {
      case 'e' -> true;
      case 'd' -> isSafe(type.base());
      // An array names its elements' type by number; only built-in numbers mean the same elsewhere.
      default -> type.element() != 0 && SAFE.contains(type.element());
    };
  }

  /** The two lists were perhaps read with different search paths. */
  private static String unqualified(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
