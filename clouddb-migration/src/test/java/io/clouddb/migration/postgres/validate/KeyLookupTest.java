/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is compared in a pause takes as long as what changed is, not as the table is. */
class KeyLookupTest {
  private static final int KEYS = 3000;
  private static final int ROWS = 60_000;

  private static long scans(ConnectionDetails database, String column) throws SQLException {
    return Long.parseLong(
        TwoDatabases.ask(
            database, "SELECT " + column + " FROM pg_stat_user_tables WHERE relname = 'lines'"));
  }

  @Test
  void readsNoTableAsAWholeForSomeThousandOfItsKeys() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      ConnectionDetails database = server.superuser();
      // A session of its own, which ends: what it has scanned is counted then.
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE lines"
                + " (of_order bigint, line int, what text, PRIMARY KEY (of_order, line))");
        statement.execute(
            "INSERT INTO lines SELECT i / 4, i % 4, 'line' FROM generate_series(1, "
                + ROWS
                + ") i");
        statement.execute("ANALYZE lines");
      }
      Eventually.until("it to have counted", () -> scans(database, "n_tup_ins") == ROWS);
      List<Table> tables;
      try (Connection connection = CatalogSession.open(database)) {
        tables = Catalog.read(connection, TableSelection.of("public.lines"));
      }
      Set<RowKey> keys =
          IntStream.range(0, KEYS)
              .mapToObj(i -> new RowKey(List.of(Integer.toString(i * 4), "1")))
              .collect(Collectors.toSet());
      long before = scans(database, "seq_scan");

      try (Connection source = Validation.connect(database);
          Connection target = Validation.connect(database)) {
        KeyComparison.Result result =
            KeyComparison.compare(source, target, tables, Map.of(tables.get(0).name(), keys));
        assertThat(result.keys()).isEqualTo(KEYS);
        assertThat(result.mismatches()).isEmpty();
      }

      // A session counts at its end.
      Eventually.until(
          "both to have counted",
          () -> scans(database, "idx_scan") + scans(database, "seq_scan") > before + 1);
      assertThat(scans(database, "seq_scan")).isEqualTo(before);
      assertThat(scans(database, "idx_scan")).isGreaterThanOrEqualTo(KEYS);
    }
  }
}
