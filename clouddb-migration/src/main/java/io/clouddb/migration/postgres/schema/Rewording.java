/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells whether two definitions are the same in other words. Servers of two versions write the same
 * query differently (from 16 on, columns of a single table are not qualified), so what counts is
 * how the target's server writes the source's words once it has read them. What it makes for that
 * is rolled back; a transaction that is open goes on.
 */
final class Rewording {
  private static final String QUERY = " AS\n";
  private static final String POLICY_EXPRESSION = "\n(?:USING|WITH CHECK) \\(";

  // The columns differ between versions; but for these, all of them have to be alike.
  private static final String COLLATIONS_ARE_ALIKE =
      """
      SELECT ((pg_catalog.to_jsonb(made) - others.names) = (pg_catalog.to_jsonb(found) - others.names))::text AS definition
      FROM pg_catalog.pg_collation made, pg_catalog.pg_collation found, (VALUES (ARRAY['oid',
        'collname',
        'collnamespace', 'collowner', 'collversion'])) AS others (names)
      WHERE made.collname = 'clouddb_reworded'
        AND made.collnamespace = pg_catalog.pg_my_temp_schema()
        AND found.oid = (?::bigint)::oid
      """;

  private final Connection target;
  private final VersionSpan versions;

  Rewording(Connection target, VersionSpan versions) {
    this.target = target;
    this.versions = versions;
  }

  /** Whether the target's server would write the source's definition like the one that it has. */
  boolean isSame(SchemaObject source, SchemaObject found) throws SQLException {
    if (versions.lowest() == versions.highest()) {
      return false;
    }
    return switch (source.kind()) {
      case VIEW, MATERIALIZED_VIEW -> isSameView(source.definition(), found.definition());
      case POLICY -> isSamePolicy(source, found);
      case ROUTINE ->
          found.definition().equals(reworded(source.definition(), found.address().oid()));
      case COLLATION -> isSameCollation(source, found);
      default -> false;
    };
  }

  private boolean isSameView(String source, String found) throws SQLException {
    int sourceQuery = source.indexOf(QUERY);
    int foundQuery = found.indexOf(QUERY);
    if (!source.substring(0, sourceQuery).equals(found.substring(0, foundQuery))) {
      return false;
    }
    return end(source).equals(end(found)) && query(found).equals(rewordedQuery(query(source)));
  }

  /**
   * A policy's expressions may hold queries; a view of its table says them in the server's words.
   */
  private boolean isSamePolicy(SchemaObject source, SchemaObject found) throws SQLException {
    if (!policyHead(source).equals(policyHead(found))) {
      return false;
    }
    String here = rewordedQuery(policyQuery(source));
    return !here.isEmpty() && here.equals(rewordedQuery(policyQuery(found)));
  }

  /** From 16 on a server keeps the locale of an ICU collation in the form of BCP 47. */
  private boolean isSameCollation(SchemaObject source, SchemaObject found) throws SQLException {
    String properties = source.definition().substring(source.definition().indexOf(" ("));
    return rolledBack(
            "CREATE COLLATION pg_temp.clouddb_reworded" + properties,
            COLLATIONS_ARE_ALIKE,
            found.address().oid())
        .equals("true");
  }

  private static String policyHead(SchemaObject policy) {
    return policy.definition().split(POLICY_EXPRESSION, 2)[0];
  }

  /** Each expression as a column, named after the clause that it is in. */
  private static String policyQuery(SchemaObject policy) {
    String[] clauses = policy.definition().split("(?=" + POLICY_EXPRESSION + ")");
    List<String> columns = new ArrayList<>();
    for (int i = 1; i < clauses.length; i++) {
      String clause = clauses[i].strip();
      int expression = clause.indexOf('(');
      columns.add(
          clause.substring(expression)
              + " AS "
              + TableName.quote(clause.substring(0, expression).strip()));
    }
    return "SELECT "
        + String.join(", ", columns)
        + " FROM "
        + policy.table().orElseThrow().quoted();
  }

  private static String query(String view) {
    int end = view.lastIndexOf(ViewReader.WITHOUT_ROWS);
    return view.substring(view.indexOf(QUERY) + QUERY.length(), end < 0 ? view.length() : end);
  }

  /** What follows the query of a materialized view: the settings of its columns. */
  private static String end(String view) {
    int end = view.lastIndexOf(ViewReader.WITHOUT_ROWS);
    return end < 0 ? "" : view.substring(end);
  }

  private String rewordedQuery(String query) throws SQLException {
    return rolledBack(
        "CREATE TEMPORARY VIEW clouddb_reworded AS " + query,
        "SELECT pg_catalog.pg_get_viewdef('pg_temp.clouddb_reworded'::regclass) AS definition"
            + " WHERE ? > 0",
        1);
  }

  private String reworded(String routine, long oid) throws SQLException {
    return rolledBack(
        routine, "SELECT pg_catalog.pg_get_functiondef((?::bigint)::oid) AS definition", oid);
  }

  private String rolledBack(String statement, String question, long parameter) throws SQLException {
    boolean autoCommit = target.getAutoCommit();
    target.setAutoCommit(false);
    Savepoint before = target.setSavepoint();
    try (Statement create = target.createStatement()) {
      create.execute(statement);
      List<String> definitions =
          CatalogQuery.list(target, question, row -> row.getString("definition"), parameter);
      String definition = definitions.get(0).stripTrailing();
      return definition.endsWith(";")
          ? definition.substring(0, definition.length() - 1)
          : definition;
    } catch (SQLException e) {
      if (SqlFailure.isTransient(e)) {
        throw e;
      }
      // The target cannot make the source's definition, so what it has is something else.
      return "";
    } finally {
      target.rollback(before);
      if (autoCommit) {
        target.rollback();
        target.setAutoCommit(true);
      }
    }
  }
}
