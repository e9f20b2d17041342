/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Runs a statement whose text was in part written by somebody else: the definition of an object
 * that was found in a database. Each text reaches the server whole and as a message of its own (a
 * Parse of the extended protocol), and of such a message the server takes one statement only. So it
 * is the server, which knows best, that refuses a text that turns out to be several, before it runs
 * any; and one statement that is none of transaction control cannot end the transaction around it.
 *
 * <p>The driver's own {@code Statement} and {@code PreparedStatement} do not do that: they split a
 * text at its semicolons, by rules of their own, and send the pieces one after the other. They also
 * replace what looks like an escape of JDBC, in braces.
 */
public final class OneStatement {
  private static final int ONCE_WITHOUT_ROWS =
      QueryExecutor.QUERY_ONESHOT
          | QueryExecutor.QUERY_NO_METADATA
          | QueryExecutor.QUERY_NO_RESULTS;

  private OneStatement() {}

  /**
   * Runs a statement that returns no rows, in the session's transaction.
   *
   * @param connection not in auto-commit mode
   * @param sql exactly one statement
   * @return the first of the server's warnings, with the others behind it
   * @throws SQLException when the server refuses it, or the text is more than one statement
   */
  public static Optional<SQLWarning> run(Connection connection, String sql) throws SQLException {
    return run(connection, List.of(sql));
  }

  /**
   * Runs statements that return no rows one after the other, in a single round trip. The first that
   * is refused is the last that is run.
   *
   * @param connection not in auto-commit mode
   * @param statements each of them exactly one statement
   * @return the first of the server's warnings, with the others behind it
   * @throws SQLException when the server refuses one, or a text is more than one statement
   */
  public static Optional<SQLWarning> run(Connection connection, List<String> statements)
      throws SQLException {
    BaseConnection session = connection.unwrap(BaseConnection.class);
    QueryExecutor executor = session.getQueryExecutor();
    if (session.getAutoCommit() || executor.getPreferQueryMode() == PreferQueryMode.SIMPLE) {
      throw new IllegalStateException(
          "A definition runs in a transaction and by the extended protocol only");
    }
    if (statements.isEmpty()) {
      return Optional.empty();
    }
    Warnings handler = new Warnings();
    Query query = executor.wrap(statements.stream().map(OneStatement::whole).toList());
    try {
      executor.execute(query, null, handler, 0, 0, ONCE_WITHOUT_ROWS);
    } finally {
      query.close();
    }
    return Optional.ofNullable(handler.first);
  }

  private static NativeQuery whole(String sql) {
    return new NativeQuery(sql, new int[0], /* multiStatement= */ false, SqlCommand.BLANK);
  }

  private static final class Warnings extends ResultHandlerBase {
    private @Nullable SQLWarning first;

    @Override
    public void handleWarning(SQLWarning warning) {
      if (first == null) {
        first = warning;
      } else {
        first.setNextWarning(warning);
      }
    }
  }
}
