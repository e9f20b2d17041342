/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SequenceValuesTest {
  @Test
  void sequencesStandWhereTheSourcesStand() throws SQLException {
    try (TwoDatabases databases = new TwoDatabases()) {
      ConnectionDetails source = databases.database(14);
      ConnectionDetails target = databases.database(18);
      TwoDatabases.execute(
          source,
          "CREATE SCHEMA other",
          "CREATE SEQUENCE other.elsewhere",
          "CREATE TABLE other.left_out (id serial PRIMARY KEY)",
          "CREATE SEQUENCE fresh START 5",
          "CREATE SEQUENCE \"Set, not \"\"called\"\"\"",
          "SELECT setval('\"Set, not \"\"called\"\"\"', 42, false)",
          "CREATE SEQUENCE down INCREMENT -3 MINVALUE -100 MAXVALUE -1",
          "SELECT nextval('down'), nextval('down')",
          "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, n serial,"
              + " e integer DEFAULT nextval('other.elsewhere'))",
          "INSERT INTO t SELECT FROM generate_series(1, 10)",
          "INSERT INTO other.left_out DEFAULT VALUES");
      TwoDatabases.execute(
          source,
          "DO $$ BEGIN FOR i IN 1..1200 LOOP EXECUTE 'CREATE SEQUENCE many_' || i;"
              + " PERFORM setval('many_' || i, i); END LOOP; END $$");
      TableSelection selection = TableSelection.of("public.*");
      SchemaTransfer.of(source, target, selection).beforeData();

      try (Connection from = source.connect();
          Connection to = target.connect()) {
        assertThat(SequenceValues.differing(from, to, selection))
            .contains(
                new TableName("public", "t_id_seq"),
                new TableName("public", "t_n_seq"),
                new TableName("other", "elsewhere"),
                new TableName("public", "Set, not \"called\""),
                new TableName("public", "down"))
            .doesNotContain(new TableName("public", "fresh"));

        assertThat(SequenceValues.copy(from, to, selection)).isEqualTo(1206);

        assertThat(SequenceValues.differing(from, to, selection)).isEmpty();
        assertThat(next(to, "fresh")).isEqualTo(5);
        assertThat(next(to, "\"Set, not \"\"called\"\"\"")).isEqualTo(42);
        assertThat(next(to, "down")).isEqualTo(-7);
        assertThat(next(to, "t_id_seq")).isEqualTo(11);
        assertThat(next(to, "t_n_seq")).isEqualTo(11);
        assertThat(next(to, "other.elsewhere")).isEqualTo(11);
        assertThat(next(to, "many_1200")).isEqualTo(1201);
        assertThat(SequenceValues.differing(from, to, selection)).hasSize(7);
      }
    }
  }

  private static long next(Connection connection, String sequence) throws SQLException {
    return CatalogQuery.list(
            connection, "SELECT nextval(?::regclass)", row -> row.getLong(1), sequence)
        .get(0);
  }
}
