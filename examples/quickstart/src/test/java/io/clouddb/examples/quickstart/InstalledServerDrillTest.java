/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.examples.quickstart.shop.ShopData;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.CatalogComparison;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.postgres.InstalledPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The quickstart between two databases of the server that this machine's distribution brings: the
 * build's own servers are never the newest.
 */
@Tag("slow")
class InstalledServerDrillTest {
  /** What {@code .ci/run} repeats at its end. */
  private static final Path RESULT = Path.of("target", "installed-server.txt");

  private static final long ROWS = 5_000;

  @TempDir private Path folder;

  private static void record(String result) throws IOException {
    Files.createDirectories(RESULT.getParent());
    Files.writeString(RESULT, result + System.lineSeparator());
  }

  @Test
  void aDatabaseMovesOnTheServerOfThisMachine() throws Exception {
    Optional<InstalledPostgres> installed = InstalledPostgres.find();
    if (installed.isEmpty()) {
      record("NOT RUN: this machine has no PostgreSQL server of its own");
      abort("no PostgreSQL server is installed");
    }
    InstalledPostgres server = installed.orElseThrow();
    if (server.major() < 14 || server.major() > 18) {
      record("NOT RUN: migrations are for PostgreSQL 14 to 18, and this machine has " + server);
      abort("not of 14 to 18: " + server);
    }
    record("FAILED on " + server);
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .installed(server)
            .durable(false)
            .setting("wal_level", "logical")
            .start()) {
      ConnectionDetails source = database(postgres, "shop");
      ConnectionDetails target = database(postgres, "moved");
      ShopData data = ShopData.ofRows(ROWS);
      try (Connection connection = source.connect()) {
        data.fill(connection);
      }
      run(source, "ALTER TABLE shop.orders ALTER COLUMN customer_id SET (n_distinct = -0.2)");

      moves(source, target, data);
      assertThat(CatalogComparison.compare(source, target, TableSelection.all())).isEmpty();
    }
    record("passed on " + server);
  }

  private void moves(ConnectionDetails source, ConnectionDetails target, ShopData data)
      throws IOException, InterruptedException {
    String password = source.credentials().getProperty("password");
    Map<String, String> environment =
        Map.of(
            "CLOUDDB_SOURCE_USER",
            source.user(),
            "CLOUDDB_SOURCE_PASSWORD",
            password,
            "CLOUDDB_TARGET_USER",
            target.user(),
            "CLOUDDB_TARGET_PASSWORD",
            password);
    try (CommandRun run =
        CommandRun.finish(folder, environment, "--from", url(source), "--to", url(target))) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      JsonNode report = run.json();
      assertThat(report.get("status").asText()).isEqualTo("COMPLETED");
      assertThat(report.get("mismatches").asLong()).isZero();
      assertThat(report.get("rowsCopied").asLong()).isGreaterThanOrEqualTo(data.total());
      assertThat(report.get("findings").findValuesAsText("code"))
          .isNotEmpty()
          .doesNotContain("schema.differs", "source.option");
    }
  }

  private static String url(ConnectionDetails database) {
    return database.jdbcUrl();
  }

  private static ConnectionDetails database(EmbeddedPostgres postgres, String name)
      throws SQLException {
    run(postgres.superuser(), "CREATE DATABASE " + name);
    return postgres.superuser().toBuilder().database(name).build();
  }

  private static void run(ConnectionDetails database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
