/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.testing.EveryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The tables of {@link SeededCorruptionTest}: one with a column of every type, one with a key of
 * two columns, one without a key, and a log for each writer.
 *
 * <p>Rows that the writers leave alone are called quiet.
 */
final class WideTable {
  static final int QUIET = 160;
  static final int BUSY = 80;

  /** The types of the columns {@code c0} and so on. */
  static final List<String> TYPES = List.copyOf(EveryType.values().keySet());

  private WideTable() {}

  static String[] schema() {
    List<String> sql = new ArrayList<>(EveryType.types());
    StringBuilder columns = new StringBuilder("id bigint PRIMARY KEY");
    for (int i = 0; i < TYPES.size(); i++) {
      columns.append(", c").append(i).append(' ').append(TYPES.get(i));
    }
    // Small values stay in the row: the stream leaves out what is elsewhere and did not change, so
    // an update of another column would not rewrite it.
    sql.add("CREATE TABLE wide (" + columns + ") WITH (toast_tuple_target = 8160)");
    sql.add("CREATE TABLE pairs (a text, b int, note text, n numeric, PRIMARY KEY (a, b))");
    sql.add("CREATE TABLE plain (n int, t text, f float8, j jsonb, at timestamptz)");
    sql.add("CREATE TABLE log_0 (n bigint PRIMARY KEY)");
    sql.add("CREATE TABLE log_1 (n bigint PRIMARY KEY)");
    return sql.toArray(String[]::new);
  }

  static String[] rows(Random random) {
    List<String> sql = new ArrayList<>();
    sql.add("ALTER TABLE plain REPLICA IDENTITY FULL");
    for (int id = 1; id <= QUIET + BUSY; id++) {
      sql.add(insert(id, random, id <= QUIET));
    }
    sql.add(
        "INSERT INTO pairs SELECT 'quiet ' || i, i % 7, CASE i % 3 WHEN 0 THEN '' WHEN 1 THEN"
            + " 'note' END, i / 8.0 FROM generate_series(1, 500) i");
    // Two of each.
    sql.add(
        "INSERT INTO plain SELECT -1 - i / 2, 'quiet', '-0', '{\"a\": 1.0}', '2020-01-01'"
            + " FROM generate_series(0, 99) i");
    return sql.toArray(String[]::new);
  }

  static String insert(long id, Random random, boolean large) {
    StringBuilder values = new StringBuilder("INSERT INTO wide VALUES (" + id);
    for (String type : TYPES) {
      values.append(", ").append(value(type, random, large));
    }
    return values.append(')').toString();
  }

  static String value(String type, Random random, boolean large) {
    List<String> values = values(type, large);
    return values.get(random.nextInt(values.size()));
  }

  /** The values of a type, NULL too; the large ones are those that are repeated. */
  static List<String> values(String type, boolean large) {
    List<String> values = new ArrayList<>();
    for (String value : EveryType.values().getOrDefault(type, List.of())) {
      if (large || !value.contains("repeat(")) {
        values.add("(" + value + ")::" + type);
      }
    }
    values.add("NULL::" + type);
    return values;
  }

  /** A condition: two values of a column are not the same. */
  static String differ(String left, String right) {
    return "(num_nulls("
        + left
        + ") <> num_nulls("
        + right
        + ") OR format('%s', "
        + left
        + ") <> format('%s', "
        + right
        + "))";
  }
}
