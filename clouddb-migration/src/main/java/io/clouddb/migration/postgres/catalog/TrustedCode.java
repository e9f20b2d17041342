/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose code may run in the sessions that write rows, or read them. Preflight asks once, of the
 * source; the owner of a table can add a check or a trigger at any time, on the side that is
 * written too. So whoever is about to write or to read asks again, there.
 */
public final class TrustedCode {
  private static final int NAMED = 5;

  /**
   * The planner takes the recursive query for one of thousands of millions of rows, and the server
   * makes hash tables as large as it may: with the applier's 32 MB each look takes ten times as
   * long.
   */
  private static final String MEMORY = "1MB";

  /**
   * Triggers and rules that fire in this session, on the tables themselves. What a rule does beside
   * functions, such as a write to another table, is not followed: it counts as its owner's code.
   */
  private static final String FIRING =
      """
        UNION
        SELECT c.name, 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid
        FROM chosen c JOIN pg_catalog.pg_trigger t ON t.tgrelid OPERATOR(pg_catalog.=) c.oid
        WHERE t.tgenabled OPERATOR(pg_catalog.=) ANY (%1$s)
      """;

  /**
   * Defaults of columns that are not written, or of their domains: the source's table need not have
   * them.
   */
  private static final String FILLED =
      """
        UNION
        SELECT c.name, f.classid, f.objid
        FROM chosen c
        JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid
        CROSS JOIN LATERAL (
          SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
          FROM pg_catalog.pg_attrdef d
          WHERE d.adrelid OPERATOR(pg_catalog.=) a.attrelid
            AND d.adnum OPERATOR(pg_catalog.=) a.attnum
          UNION ALL
          SELECT 'pg_catalog.pg_attribute'::pg_catalog.regclass, t.oid
          FROM pg_catalog.pg_type t
          WHERE t.oid OPERATOR(pg_catalog.=) a.atttypid AND NOT a.atthasdef
            AND t.typdefaultbin IS NOT NULL) f (classid, objid)
        WHERE c.name OPERATOR(pg_catalog.=) ANY (?::pg_catalog.text[]) AND NOT EXISTS (
          SELECT FROM ROWS FROM (pg_catalog.unnest(?::pg_catalog.text[]),
            pg_catalog.unnest(?::pg_catalog.text[])) w (name, written)
          WHERE w.name OPERATOR(pg_catalog.=) c.name
            AND w.written OPERATOR(pg_catalog.=) a.attname::pg_catalog.text)
      """;

  private static final String FIRES =
      """
      CASE WHEN pg_catalog.current_setting('session_replication_role')
          OPERATOR(pg_catalog.=) 'replica'
        THEN '{A,R}'::pg_catalog."char"[] ELSE '{A,O}'::pg_catalog."char"[] END""";

  /** What was a table may be something else by now, which runs what its owner likes. */
  private static final String NO_TABLES =
      """
        UNION ALL
        SELECT c.name, k.relowner, pg_catalog.format('%%s %%I',
          CASE WHEN k.relkind OPERATOR(pg_catalog.=) 'v'::pg_catalog."char" THEN 'view'
            ELSE 'what is no table,' END, k.relname)
        FROM chosen c
        JOIN pg_catalog.pg_class k ON k.oid OPERATOR(pg_catalog.=) c.oid
        WHERE k.relkind OPERATOR(pg_catalog.<>) ALL ('{r,p}'::pg_catalog."char"[])
      """;

  private static final String RULES =
      """
        UNION ALL
        SELECT c.name, k.relowner, pg_catalog.format('rule %%I', w.rulename)
        FROM chosen c
        JOIN pg_catalog.pg_class k ON k.oid OPERATOR(pg_catalog.=) c.oid
        JOIN pg_catalog.pg_rewrite w ON w.ev_class OPERATOR(pg_catalog.=) c.oid
        WHERE w.ev_type OPERATOR(pg_catalog.<>) '1'::pg_catalog."char"
          AND w.ev_enabled OPERATOR(pg_catalog.=) ANY (%1$s)
      """;

  private static final String FOUND =
      """
      , found AS (
        SELECT r.name, r.owner, pg_catalog.concat_ws(' in ',
          pg_catalog.format('function %%I.%%I(%%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid)), r.place) AS code
        FROM ran r
        JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) r.routine
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
      """;

  /** No role is called public; PUBLIC, as privileges have it, is everybody. */
  private static final String WHOSE =
      """
        )
      SELECT f.code, coalesce(o.rolname, 'public'::pg_catalog.name) AS owner,
        pg_catalog.array_agg(DISTINCT f.name ORDER BY f.name) AS tables
      FROM found f
      LEFT JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) f.owner
      JOIN pg_catalog.pg_roles me ON me.rolname OPERATOR(pg_catalog.=) current_user
      WHERE f.owner OPERATOR(pg_catalog.=) 0::pg_catalog.oid
        OR NOT o.rolsuper AND NOT pg_catalog.pg_has_role(o.oid, me.oid, 'MEMBER')
      GROUP BY f.code, o.rolname ORDER BY 2, 1
      """;

  private static final String WRITING =
      RowCode.ranByWriting(FIRING.formatted(FIRES) + FILLED)
          + (FOUND + NO_TABLES + RULES).formatted(FIRES)
          + WHOSE;

  private static final String READING = RowCode.ranBy("") + (FOUND + NO_TABLES).formatted() + WHOSE;

  private final Set<String> owners;

  private TrustedCode(Set<String> owners) {
    this.owners = Set.copyOf(owners);
  }

  /**
   * Trusts roles beside superusers and those who can do all that the migration's role can.
   *
   * @param owners their names
   * @return what is asked
   */
  public static TrustedCode of(Set<String> owners) {
    return new TrustedCode(owners);
  }

  /**
   * Refuses to write to tables whose rows run what is not trusted.
   *
   * @param writing the session that will write, acting as the migration's own role, and with the
   *     {@code session_replication_role} that it writes with
   * @param tables the tables that rows are written to by their names, so no partitioned ones; those
   *     that are not there are left out
   * @throws SQLException when the catalogs cannot be read
   * @throws io.clouddb.error.CloudDbException of category CONDITION_FAILED naming the code, its
   *     owners and its tables
   */
  public void require(Connection writing, Collection<TableName> tables) throws SQLException {
    require(writing, tables, List.of());
  }

  /**
   * As {@link #require}, where rows with the tables' columns will be written. The table that is
   * there may have further columns, whose defaults run.
   *
   * @param writing see {@link #require}
   * @param tables the tables with the columns that will be written; partitioned ones are passed
   *     over, since rows are written to their partitions
   * @throws SQLException see {@link #require}
   */
  public void requireRows(Connection writing, Collection<Table> tables) throws SQLException {
    List<Table> written =
        tables.stream().filter(table -> table.kind() == Table.Kind.ORDINARY).toList();
    require(writing, written.stream().map(Table::name).toList(), written);
  }

  /**
   * Refuses to read tables that have code which is not trusted: the planner works out what
   * immutable functions give for constants, in an index's condition for example, as whoever reads.
   * What runs only when rows are written is not told from it.
   *
   * @param reading the session that will read, acting as the migration's own role
   * @param tables the tables; those that are not there are left out
   * @throws SQLException when the catalogs cannot be read
   * @throws io.clouddb.error.CloudDbException of category CONDITION_FAILED naming the code, its
   *     owners and its tables
   */
  public void requireToRead(Connection reading, Collection<Table> tables) throws SQLException {
    require(
        reading,
        "Reading",
        "read",
        READING,
        texts(reading, tables.stream().map(table -> table.name().quoted())),
        texts(reading, Stream.of()));
  }

  private void require(
      Connection writing, Collection<TableName> tables, Collection<Table> withColumns)
      throws SQLException {
    require(
        writing,
        "Writing",
        "written",
        WRITING,
        texts(writing, tables.stream().map(TableName::quoted)),
        // No domains but those of the tables.
        texts(writing, Stream.of()),
        texts(writing, withColumns.stream().map(table -> table.name().quoted())),
        texts(
            writing,
            withColumns.stream()
                .flatMap(table -> table.columns().stream().map(any -> table.name().quoted()))),
        texts(
            writing,
            withColumns.stream().flatMap(table -> table.columns().stream().map(Column::name))));
  }

  private void require(
      Connection connection, String doing, String done, String sql, Object... parameters)
      throws SQLException {
    String memory = setMemory(connection, MEMORY);
    List<Code> found =
        list(
                connection,
                sql,
                row ->
                    new Code(
                        row.getString("code"),
                        row.getString("owner"),
                        CatalogQuery.strings(row, "tables")),
                parameters)
            .stream()
            .filter(code -> !owners.contains(code.owner()))
            .toList();
    setMemory(connection, memory);
    if (!found.isEmpty()) {
      throw refused(doing, done, found);
    }
  }

  /** Returns what it was. After a failure the session is closed, or what it began rolled back. */
  private static String setMemory(Connection connection, String value) throws SQLException {
    return list(
            connection,
            "SELECT pg_catalog.current_setting('work_mem'),"
                + " pg_catalog.set_config('work_mem', ?, false)",
            row -> row.getString(1),
            value)
        .get(0);
  }

  private static Array texts(Connection connection, Stream<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }

  private record Code(String what, String owner, List<String> tables) {
    @Override
    public String toString() {
      int more = tables.size() - NAMED;
      return what
          + " of the role "
          + owner
          + " (for rows of "
          + String.join(", ", tables.subList(0, Math.min(NAMED, tables.size())))
          + (more > 0 ? ", and " + more + " more" : "")
          + ")";
    }
  }

  private static RuntimeException refused(String doing, String done, List<Code> found) {
    int more = found.size() - NAMED;
    String roles =
        new TreeSet<>(found.stream().map(Code::owner).toList())
            .stream().map(role -> '"' + role + '"').collect(Collectors.joining(", "));
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            doing
                + " rows would run, in the migration's session, code whose owner is not trusted: "
                + found.stream().limit(NAMED).map(Code::toString).collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more" : "")
                + ". What was about to be "
                + done
                + " was not")
        .resource(found.get(0).tables().get(0))
        .nextStep(
            "If it is meant to be there, read it, and what it calls, and go on with trustCodeOf("
                + roles
                + "). If not, drop it, or disable it where it is a trigger or a rule, and find out"
                + " who added it: roles that own tables should not log in on the side that is"
                + " written, nor change tables of the other. Then run it again.")
        .toException();
  }
}
