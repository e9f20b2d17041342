/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneStatementTest {
  @Test
  void refusesATextThatIsSeveralBeforeAnyOfThemRuns() throws Exception {
    try (Ends ends = Ends.of(18, 18)) {
      // Also where the caller's URL asks for the protocol that takes several.
      Connection connection =
          CatalogSession.open(
              ends.source().toBuilder().parameter("preferQueryMode", "simple").build());
      try (connection) {
        connection.setAutoCommit(false);
        for (String second :
            List.of(
                "COMMIT",
                "CREATE TABLE public.two ()",
                // The driver takes this semicolon for one within a function's body.
                "CREATE FUNCTION public.f() RETURNS int BEGIN ATOMIC SELECT 1; END")) {
          assertThatThrownBy(
                  () -> OneStatement.run(connection, "CREATE TABLE public.one ();" + second))
              .isInstanceOf(SQLException.class)
              .hasMessageContaining("cannot insert multiple commands into a prepared statement");
          connection.rollback();
        }
        assertThat(
                Ends.query(
                    ends.source(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
            .isEqualTo("0");

        OneStatement.run(connection, List.of("CREATE TABLE public.one ()", "SELECT 1"));
        OneStatement.run(connection, "SELECT ';', '{fn now()}', '?'");
        connection.rollback();
        assertThat(Ends.query(ends.source(), "SELECT to_regclass('public.one') IS NULL"))
            .isEqualTo("t");

        assertThat(OneStatement.run(connection, "DROP TABLE IF EXISTS public.one")).isEmpty();
        connection.rollback();
        connection.setAutoCommit(true);
        assertThatThrownBy(() -> OneStatement.run(connection, "SELECT 1"))
            .isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void stopsAtTheFirstThatIsRefusedAndTellsWarnings() throws Exception {
    try (Ends ends = Ends.of(18, 18)) {
      ends.onSource("CREATE TABLE kept (id int)");
      try (Connection connection = CatalogSession.open(ends.source())) {
        connection.setAutoCommit(false);
        assertThatThrownBy(
                () ->
                    OneStatement.run(
                        connection,
                        List.of(
                            "DROP TABLE public.kept", "SELECT 1 / 0", "CREATE TABLE public.n ()")))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("division by zero");
        connection.rollback();
        assertThat(Ends.query(ends.source(), "SELECT to_regclass('public.kept') IS NOT NULL"))
            .isEqualTo("t");
        assertThat(
                OneStatement.run(
                    connection,
                    "GRANT USAGE ON LANGUAGE sql TO " + TableName.quote(ends.source().user())))
            .hasValueSatisfying(warning -> assertThat(warning.getSQLState()).isEqualTo("01007"));
      }
    }
  }
}
