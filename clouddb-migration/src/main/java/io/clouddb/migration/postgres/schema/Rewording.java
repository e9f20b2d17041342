/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Tells whether two definitions are the same in other words. Servers of two versions write the same
 * query differently (from 16 on, columns of a single table are not qualified), so what counts is
 * how the target's server writes the source's words once it has read them. It does so in a
 * transaction that is rolled back.
 */
final class Rewording {
  private static final String QUERY = " AS\n";

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
      case ROUTINE ->
          found.definition().equals(reworded(source.definition(), found.address().oid()));
      default -> false;
    };
  }

  private boolean isSameView(String source, String found) throws SQLException {
    int sourceQuery = source.indexOf(QUERY);
    int foundQuery = found.indexOf(QUERY);
    if (!source.substring(0, sourceQuery).equals(found.substring(0, foundQuery))) {
      return false;
    }
    String end = ViewReader.WITHOUT_ROWS;
    return query(found.substring(foundQuery), end)
        .equals(rewordedQuery(query(source.substring(sourceQuery), end)));
  }

  private static String query(String text, String end) {
    String query = text.substring(QUERY.length());
    return query.endsWith(end) ? query.substring(0, query.length() - end.length()) : query;
  }

  private String rewordedQuery(String query) throws SQLException {
    return rolledBack(
        "CREATE TEMPORARY VIEW clouddb_reworded AS " + query,
        "SELECT pg_get_viewdef('pg_temp.clouddb_reworded'::regclass) AS definition WHERE ? > 0",
        1);
  }

  private String reworded(String routine, long oid) throws SQLException {
    return rolledBack(routine, "SELECT pg_get_functiondef((?::bigint)::oid) AS definition", oid);
  }

  private String rolledBack(String statement, String question, long parameter) throws SQLException {
    target.setAutoCommit(false);
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
      target.rollback();
      target.setAutoCommit(true);
    }
  }
}
