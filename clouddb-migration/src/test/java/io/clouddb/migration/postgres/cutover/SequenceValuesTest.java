/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.TwoDatabases;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SequenceValuesTest {
  @Test
  void carriesValuesOverToSequencesOfTheSameName() throws SQLException {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      TwoDatabases.run(server.superuser(), "CREATE DATABASE one", "CREATE DATABASE two");
      ConnectionDetails one = server.superuser().toBuilder().database("one").build();
      ConnectionDetails two = server.superuser().toBuilder().database("two").build();
      for (ConnectionDetails database : new ConnectionDetails[] {one, two}) {
        TwoDatabases.run(
            database,
            "CREATE SCHEMA \"Odd one\"",
            "CREATE SEQUENCE \"Odd one\".\"S\"\"1\"",
            "CREATE SEQUENCE unused START 7",
            "CREATE SEQUENCE down INCREMENT -1 MINVALUE -100 MAXVALUE -1",
            "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY)");
      }
      TwoDatabases.run(
          one,
          "CREATE SEQUENCE only_here",
          "SELECT setval('\"Odd one\".\"S\"\"1\"', 9000000000000)",
          "SELECT nextval('down'), nextval('down')",
          "INSERT INTO t SELECT FROM generate_series(1, 5)");

      try (Connection source = one.connect();
          Connection target = two.connect()) {
        assertThat(SequenceValues.copy(source, target)).isEqualTo(4);
      }

      assertThat(TwoDatabases.ask(two, "SELECT nextval('\"Odd one\".\"S\"\"1\"')"))
          .isEqualTo("9000000000001");
      assertThat(TwoDatabases.ask(two, "SELECT nextval('unused')")).isEqualTo("7");
      assertThat(TwoDatabases.ask(two, "SELECT nextval('down')")).isEqualTo("-3");
      assertThat(TwoDatabases.ask(two, "INSERT INTO t DEFAULT VALUES RETURNING id")).isEqualTo("6");
    }
  }
}
