/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.OneStatement;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells whether two definitions are the same in other words. Servers of two versions write the same
 * query differently (from 16 on, columns of a single table are not qualified), so what counts is
 * how the target's server writes the source's words once it has read them. What it makes for that
 * is rolled back; a transaction that is open goes on. Nothing of a definition is run: the server
 * reads it, and writes it down. That takes a transaction that may write; see {@link OneStatement}
 * for why no definition can end it.
 */
final class Rewording {
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
    Wording words = source.wording().orElse(null);
    Wording target = found.wording().orElse(null);
    if (versions.lowest() == versions.highest()
        || words == null
        || target == null
        || !words.rest().equals(target.rest())
        || !words.parts().keySet().equals(target.parts().keySet())) {
      return false;
    }
    return switch (source.kind()) {
      case VIEW, MATERIALIZED_VIEW -> target.part().equals(rewordedQuery(words.part()));
      case POLICY -> isSamePolicy(words, target, found.table().orElseThrow());
      case ROUTINE -> target.part().equals(reworded(words.part(), found.address().oid()));
      case COLLATION -> isSameCollation(words.part(), found.address().oid());
      default -> false;
    };
  }

  /**
   * A policy's expressions may hold queries; a view of its table says them in the server's words.
   */
  private boolean isSamePolicy(Wording source, Wording found, TableName table) throws SQLException {
    String here = rewordedQuery(expressions(source, table));
    return !here.isEmpty() && here.equals(rewordedQuery(expressions(found, table)));
  }

  /** Each expression as a column, named after the clause that it is in. */
  private static String expressions(Wording policy, TableName table) {
    List<String> columns = new ArrayList<>();
    policy
        .parts()
        .forEach(
            (clause, expression) ->
                columns.add("(" + expression + ") AS " + TableName.quote(clause)));
    return "SELECT " + String.join(", ", columns) + " FROM " + table.quoted();
  }

  /** From 16 on a server keeps the locale of an ICU collation in the form of BCP 47. */
  private boolean isSameCollation(String properties, long found) throws SQLException {
    return rolledBack(
            "CREATE COLLATION pg_temp.clouddb_reworded " + properties, COLLATIONS_ARE_ALIKE, found)
        .equals("true");
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
    try {
      OneStatement.run(target, statement);
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
