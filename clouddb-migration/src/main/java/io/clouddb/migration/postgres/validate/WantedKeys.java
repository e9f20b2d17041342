/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.KeyType;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How keys are given to a query: as a relation {@code wanted} with the columns {@code key_0},
 * {@code key_1} and so on. The text of a value of a type of somebody's is read by the type's input
 * function and never cast: the type's owner can make a cast from text at any time, which would run
 * here.
 */
final class WantedKeys {
  private static final int FIRST_PRINTABLE = 0x20;

  private final List<KeyType> types;

  /** As JSON, whose strings are read by input functions, those of arrays too. */
  private final boolean asJson;

  private WantedKeys(List<KeyType> types, boolean asJson) {
    this.types = List.copyOf(types);
    this.asJson = asJson;
  }

  static WantedKeys of(List<KeyType> types) {
    return new WantedKeys(types, !types.stream().allMatch(KeyType::catalog));
  }

  /** The relation, with parameters. */
  String sql() {
    String names =
        IntStream.range(0, types.size())
            .mapToObj(i -> "key_" + i + (asJson ? " " + read(types.get(i)) : ""))
            .collect(Collectors.joining(", ", " AS wanted (", ")"));
    if (asJson) {
      return "pg_catalog.json_to_recordset(?::pg_catalog.json)" + names;
    }
    return types.stream()
            .map(type -> "pg_catalog.unnest(?::pg_catalog.text[])")
            .collect(Collectors.joining(", ", "ROWS FROM (", ")"))
        + names;
  }

  /** A string would not be read as jsonb, but become one; the server's own types are cast to. */
  private static String read(KeyType type) {
    return type.catalog() ? "pg_catalog.text" : type.type();
  }

  /** Sets the parameters, which are the first ones of the statement. */
  void bind(PreparedStatement statement, List<RowKey> keys) throws SQLException {
    if (asJson) {
      statement.setObject(
          1,
          keys.stream().map(WantedKeys::json).collect(Collectors.joining(",", "[", "]")),
          Types.OTHER);
      return;
    }
    for (int i = 0; i < types.size(); i++) {
      int column = i;
      statement.setArray(
          i + 1,
          statement
              .getConnection()
              .createArrayOf("text", keys.stream().map(k -> k.values().get(column)).toArray()));
    }
  }

  private static String json(RowKey key) {
    StringBuilder object = new StringBuilder("{");
    for (int i = 0; i < key.values().size(); i++) {
      object.append(i == 0 ? "" : ",").append("\"key_").append(i).append("\":");
      String value = key.values().get(i);
      if (value == null) {
        object.append("null");
      } else {
        quote(object, value);
      }
    }
    return object.append('}').toString();
  }

  private static void quote(StringBuilder into, String value) {
    into.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        into.append('\\').append(c);
      } else if (c < FIRST_PRINTABLE) {
        into.append(String.format("\\u%04x", (int) c));
      } else {
        into.append(c);
      }
    }
    into.append('"');
  }
}
