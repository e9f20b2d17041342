/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares single rows by their keys. For the pause of a cutover, when nothing is written and a
 * pass over whole tables would take too long.
 */
public final class KeyComparison {
  private static final int KEYS_AT_ONCE = 5000;

  private KeyComparison() {}

  /**
   * What the comparison said.
   *
   * @param keys how many keys were looked up
   * @param mismatches the rows that differ; a key that neither end has any more is no difference
   */
  public record Result(long keys, List<Mismatch> mismatches) {
    /** Keeps the list unmodifiable. */
    public Result {
      mismatches = List.copyOf(mismatches);
    }
  }

  /**
   * Compares rows.
   *
   * @param source a connection of {@link Validation#connect}
   * @param target a connection of {@link Validation#connect}
   * @param tables the tables, all of which have a key
   * @param keys the keys by table
   * @return the rows that differ
   * @throws SQLException when an end cannot be read
   */
  public static Result compare(
      Connection source,
      Connection target,
      Collection<Table> tables,
      Map<TableName, Set<RowKey>> keys)
      throws SQLException {
    List<Mismatch> mismatches = new ArrayList<>();
    long compared = 0;
    for (Table table : tables) {
      List<RowKey> wanted = new ArrayList<>(keys.getOrDefault(table.name(), Set.of()));
      for (int from = 0; from < wanted.size(); from += KEYS_AT_ONCE) {
        List<RowKey> part = wanted.subList(from, Math.min(from + KEYS_AT_ONCE, wanted.size()));
        compare(table, rows(source, table, part), rows(target, table, part), mismatches);
        compared += part.size();
      }
    }
    return new Result(compared, mismatches.stream().sorted().toList());
  }

  /**
   * The rows of a key on one end, of which there are several only where it has no unique index.
   *
   * @param hash of the row
   * @param places where they are
   */
  record Found(long hash, List<String> places) {
    private Found and(Found other) {
      List<String> all = new ArrayList<>(places);
      all.addAll(other.places);
      return new Found(31 * hash + other.hash, all);
    }
  }

  private static void compare(
      Table table, Map<RowKey, Found> left, Map<RowKey, Found> right, List<Mismatch> into) {
    Set<RowKey> all = new TreeSet<>(left.keySet());
    all.addAll(right.keySet());
    for (RowKey key : all) {
      Found expected = left.get(key);
      Found found = right.get(key);
      if (expected == null) {
        into.add(Mismatch.of(table.name(), Mismatch.Kind.EXTRA, key));
      } else if (found == null) {
        into.add(Mismatch.of(table.name(), Mismatch.Kind.MISSING, key));
      } else if (expected.hash != found.hash) {
        into.add(Mismatch.of(table.name(), Mismatch.Kind.DIFFERENT, key));
      }
    }
  }

  /** Looks rows up; keys of which there is none are not in the result. */
  static Map<RowKey, Found> rows(Connection end, Table table, List<RowKey> keys)
      throws SQLException {
    RowHash hash = RowHash.on(end, table);
    Map<String, String> types = keyTypes(end, table);
    List<String> arrays = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> joins = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      String column = table.key().get(i);
      arrays.add("?::text[]");
      names.add("clouddb_key_" + i);
      joins.add(
          "t."
              + TableName.quote(column)
              + " = CAST(w.clouddb_key_"
              + i
              + " AS "
              + types.get(column)
              + ")");
    }
    String sql =
        "SELECT "
            + String.join(", ", RowHash.keyTexts(table))
            + ", "
            + hash.row(hash.seed())
            + ", t.ctid::text FROM unnest("
            + String.join(", ", arrays)
            + ") AS w("
            + String.join(", ", names)
            + ") JOIN ONLY "
            + table.name().quoted()
            + " AS t ON "
            + String.join(" AND ", joins);
    Map<RowKey, Found> found = new HashMap<>();
    try (PreparedStatement statement = end.prepareStatement(sql)) {
      for (int i = 0; i < table.key().size(); i++) {
        int column = i;
        Array values =
            end.createArrayOf("text", keys.stream().map(k -> k.values().get(column)).toArray());
        statement.setArray(i + 1, values);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          List<String> values = new ArrayList<>();
          for (int i = 1; i <= table.key().size(); i++) {
            values.add(rows.getString(i));
          }
          int next = table.key().size() + 1;
          Found one = new Found(rows.getLong(next), List.of(rows.getString(next + 1)));
          found.merge(new RowKey(values), one, Found::and);
        }
      }
    }
    return found;
  }

  /** As this session writes them; a cast is needed for the index to be used. */
  private static Map<String, String> keyTypes(Connection end, Table table) throws SQLException {
    try (PreparedStatement statement =
        end.prepareStatement(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped")) {
      statement.setString(1, table.name().quoted());
      Map<String, String> types = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          types.put(rows.getString(1), rows.getString(2));
        }
      }
      return types;
    }
  }
}
