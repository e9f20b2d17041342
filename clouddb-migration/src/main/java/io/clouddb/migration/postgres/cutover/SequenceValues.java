/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Carries the values of sequences over, which the stream of changes does not. */
public final class SequenceValues {
  private static final int AT_ONCE = 200;

  private SequenceValues() {}

  private record Value(TableName sequence, long last, boolean called) {}

  /**
   * Sets every sequence of the target that the source has too to the source's value. Done while the
   * source is fenced, so that no value is handed out twice.
   *
   * @param source a session on the source
   * @param target a session on the target; in auto-commit mode
   * @return how many sequences were set
   * @throws SQLException when a sequence cannot be read or set
   */
  public static int copy(Connection source, Connection target) throws SQLException {
    Set<TableName> there = new HashSet<>(names(source));
    List<TableName> both = names(target).stream().filter(there::contains).toList();
    for (int from = 0; from < both.size(); from += AT_ONCE) {
      write(target, read(source, both.subList(from, Math.min(from + AT_ONCE, both.size()))));
    }
    return both.size();
  }

  private static List<TableName> names(Connection connection) throws SQLException {
    List<TableName> found = new ArrayList<>();
    try (Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery(
                """
                SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relkind = 'S' AND c.relpersistence <> 't'
                   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'clouddb_migration',
                                         'clouddb_route')
                 ORDER BY 1, 2
                """)) {
      while (row.next()) {
        found.add(new TableName(row.getString(1), row.getString(2)));
      }
    }
    return found;
  }

  private static List<Value> read(Connection source, List<TableName> sequences)
      throws SQLException {
    List<String> selects = new ArrayList<>();
    for (TableName sequence : sequences) {
      selects.add("SELECT " + selects.size() + ", last_value, is_called FROM " + sequence.quoted());
    }
    List<Value> values = new ArrayList<>();
    try (Statement select = source.createStatement();
        ResultSet row = select.executeQuery(String.join(" UNION ALL ", selects))) {
      while (row.next()) {
        values.add(new Value(sequences.get(row.getInt(1)), row.getLong(2), row.getBoolean(3)));
      }
    }
    return values;
  }

  private static void write(Connection target, List<Value> values) throws SQLException {
    try (PreparedStatement set =
        target.prepareStatement(
            """
            SELECT count(setval(v.sequence::regclass, v.last, v.called))
              FROM unnest(?::text[], ?::bigint[], ?::boolean[]) AS v(sequence, last, called)
            """)) {
      set.setArray(
          1,
          target.createArrayOf(
              "text", values.stream().map(value -> value.sequence().quoted()).toArray()));
      set.setArray(2, target.createArrayOf("bigint", values.stream().map(Value::last).toArray()));
      set.setArray(
          3, target.createArrayOf("boolean", values.stream().map(Value::called).toArray()));
      set.execute();
    }
  }
}
