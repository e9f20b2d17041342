/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Copies where sequences stand, identity columns' and free ones too. The stream of changes does not
 * hold that, so it is done once no more values are drawn, in the pause of the cutover.
 */
public final class SequenceValues {
  // A statement locks each sequence that it reads; this stays well below what a server allows.
  private static final int SEQUENCES_A_STATEMENT = 500;

  // Of a sequence that belongs to a column, the table decides whether it is selected.
  private static final String SEQUENCES =
      """
      SELECT n.nspname, c.relname, coalesce(om.nspname, n.nspname) AS owner_schema,
        coalesce(o.relname, '') AS owner_name
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass
        AND d.objid = c.oid AND d.objsubid = 0
        AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
        AND d.refobjsubid > 0
      LEFT JOIN pg_catalog.pg_class o ON o.oid = d.refobjid
      LEFT JOIN pg_catalog.pg_namespace om ON om.oid = o.relnamespace
      WHERE c.relkind = 'S' AND c.relpersistence <> 't'
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid
            AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname
      """;

  private static final String SET =
      """
      SELECT pg_catalog.setval(s.name::regclass, s.value, s.called)
      FROM ROWS FROM (pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::bigint[]),
        pg_catalog.unnest(?::boolean[])) AS s(name, value, called)
      """;

  /** Where one sequence stands. */
  private record Value(String sequence, long last, boolean called) {}

  private SequenceValues() {}

  /**
   * Sets the target's sequences to where the source's stand. Can be done again, and the other way
   * round.
   *
   * @param source is read
   * @param target is written; in auto-commit mode or not, {@code setval} takes effect at once
   * @param selection the tables; a sequence that belongs to no column is selected with its schema,
   *     or when the target has one of its name
   * @return how many sequences were set
   * @throws SQLException when a sequence cannot be read or is not on the target
   */
  public static int copy(Connection source, Connection target, TableSelection selection)
      throws SQLException {
    return copy(source, target, selected(source, target, selection));
  }

  /**
   * Does so with sequences whose names were read before: one round trip on either side for each
   * 500.
   *
   * @param source is read
   * @param target is written
   * @param names what {@link #selected} gave
   * @return how many sequences were set
   * @throws SQLException when a sequence cannot be read or is not on the target
   */
  public static int copy(Connection source, Connection target, List<TableName> names)
      throws SQLException {
    for (int from = 0; from < names.size(); from += SEQUENCES_A_STATEMENT) {
      List<TableName> some =
          names.subList(from, Math.min(names.size(), from + SEQUENCES_A_STATEMENT));
      set(target, read(source, some));
    }
    return names.size();
  }

  /**
   * The sequences that stand elsewhere on the target than on the source.
   *
   * @param source one side
   * @param target the other side
   * @param selection as for {@link #copy}
   * @return their names; empty when all are equal
   * @throws SQLException when a sequence cannot be read or is not on the target
   */
  public static List<TableName> differing(
      Connection source, Connection target, TableSelection selection) throws SQLException {
    List<TableName> differing = new ArrayList<>();
    List<TableName> names = selected(source, target, selection);
    for (int from = 0; from < names.size(); from += SEQUENCES_A_STATEMENT) {
      List<TableName> some =
          names.subList(from, Math.min(names.size(), from + SEQUENCES_A_STATEMENT));
      List<Value> here = read(source, some);
      List<Value> there = read(target, some);
      for (int i = 0; i < some.size(); i++) {
        if (!here.get(i).equals(there.get(i))) {
          differing.add(some.get(i));
        }
      }
    }
    return differing;
  }

  /**
   * The sequences that only one side has, of those that {@link #copy} would set on the other.
   *
   * @param source the side that has them
   * @param target the other side
   * @param selection as for {@link #copy}
   * @return their names; empty when the other side has them all
   * @throws SQLException when the sequences cannot be read
   */
  public static List<TableName> missing(
      Connection source, Connection target, TableSelection selection) throws SQLException {
    List<TableName> missing = new ArrayList<>(selected(source, target, selection));
    missing.removeAll(candidates(target).stream().map(Candidate::name).toList());
    return missing;
  }

  private static List<TableName> selected(
      Connection source, Connection target, TableSelection selection) throws SQLException {
    List<Candidate> candidates = candidates(source);
    List<TableName> names = new ArrayList<>();
    List<TableName> onTarget = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (candidate.owner.name().isEmpty()) {
        if (selection.includesSchema(candidate.name.schema())) {
          names.add(candidate.name);
        } else if (TableSelection.isUserSchema(candidate.name.schema())) {
          onTarget.add(candidate.name);
        }
      } else if (selection.includes(candidate.owner)) {
        names.add(candidate.name);
      }
    }
    // One that only a selected table's default uses was carried along.
    if (!onTarget.isEmpty()) {
      onTarget.retainAll(candidates(target).stream().map(Candidate::name).toList());
      names.addAll(onTarget);
    }
    return names;
  }

  private record Candidate(TableName name, TableName owner) {}

  private static List<Candidate> candidates(Connection connection) throws SQLException {
    return list(
        connection,
        SEQUENCES,
        row ->
            new Candidate(
                new TableName(row.getString("nspname"), row.getString("relname")),
                new TableName(row.getString("owner_schema"), row.getString("owner_name"))));
  }

  private static List<Value> read(Connection connection, List<TableName> sequences)
      throws SQLException {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < sequences.size(); i++) {
      sql.append(i == 0 ? "" : " UNION ALL ")
          .append("SELECT ")
          .append(i)
          .append(" AS i, last_value, is_called FROM ")
          .append(sequences.get(i).quoted());
    }
    return list(
        connection,
        sql.append(" ORDER BY i").toString(),
        row ->
            new Value(
                sequences.get(row.getInt("i")).quoted(),
                row.getLong("last_value"),
                row.getBoolean("is_called")));
  }

  private static void set(Connection target, List<Value> values) throws SQLException {
    list(
        target,
        SET,
        row -> Objects.requireNonNull(row.getObject(1)),
        target.createArrayOf("text", values.stream().map(Value::sequence).toArray()),
        target.createArrayOf("bigint", values.stream().map(Value::last).toArray()),
        target.createArrayOf("boolean", values.stream().map(Value::called).toArray()));
  }
}
