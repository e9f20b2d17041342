/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.preflight.Finding;
import io.clouddb.migration.postgres.preflight.Preflight;
import io.clouddb.migration.postgres.preflight.PreflightOptions;
import io.clouddb.migration.postgres.preflight.Severity;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Servers keep options of their own beside those of users: minor releases from 15.20 on a {@code
 * pg_attver} at each column, with another number for each. Here a superuser writes them into the
 * catalogs of servers that do not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerOptionsTest {
  private static final TableSelection ALL = TableSelection.all();
  private static final int VERSION = 15;

  private static final String COLUMNS_OPTION =
      "UPDATE pg_attribute a SET attoptions = ARRAY['%1$s=' || (a.attnum + 22150000 + a.attrelid::int)]"
          + " || a.attoptions FROM pg_class c WHERE c.oid = a.attrelid AND a.attnum > 0"
          + " AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')";

  private static final String RELATIONS_OPTION =
      "UPDATE pg_class c SET reloptions = ARRAY['%1$s=' || c.oid] || c.reloptions"
          + " WHERE (c.relnamespace = 'public'::regnamespace"
          + " OR c.oid IN (SELECT reltoastrelid FROM pg_class"
          + " WHERE relnamespace = 'public'::regnamespace))"
          + " AND (c.relkind IN ('r', 'v', 'm', 't') OR c.relname = 't_pkey')";

  private TwoDatabases databases;
  private ConnectionDetails source;
  private ConnectionDetails target;

  @BeforeAll
  void start() {
    databases = new TwoDatabases();
  }

  @AfterAll
  void stop() {
    databases.close();
  }

  @BeforeEach
  void shop() throws SQLException {
    source = databases.database(VERSION);
    target = databases.database(VERSION);
    TwoDatabases.execute(
        source,
        "CREATE TABLE t (id integer PRIMARY KEY, v text, w text) WITH (fillfactor = 71)",
        "ALTER TABLE t ALTER COLUMN v SET (n_distinct = -0.5)",
        "ALTER TABLE t SET (toast.autovacuum_enabled = false)",
        "CREATE VIEW seen WITH (security_barrier) AS SELECT * FROM t",
        "CREATE MATERIALIZED VIEW kept AS SELECT * FROM t",
        "ALTER MATERIALIZED VIEW kept ALTER COLUMN w SET (n_distinct = 7)");
  }

  private List<Finding> preflight() {
    return Preflight.check(source, target, ALL, PreflightOptions.defaults());
  }

  private void transfer() throws SQLException {
    SchemaTransfer transfer = SchemaTransfer.of(source, target, ALL);
    transfer.beforeData();
    transfer.afterData();
    transfer.addForeignKeys(true);
    transfer.finish();
    TwoDatabases.makeTriggers(transfer, target);
  }

  private void onSource(String sql, String option) throws SQLException {
    TwoDatabases.execute(databases.superuser(VERSION, source), sql.formatted(option));
  }

  private static List<String> options(ConnectionDetails database) throws SQLException {
    try (Connection connection = database.connect()) {
      return CatalogQuery.list(
          connection,
          "SELECT o FROM (SELECT attrelid::regclass || '.' || attname || ' ' || unnest(attoptions)"
              + " AS o FROM pg_attribute WHERE attrelid >= 16384 UNION ALL"
              + " SELECT CASE relkind WHEN 't' THEN 'toast' ELSE relname END || ' '"
              + " || unnest(reloptions) FROM pg_class WHERE oid >= 16384) x ORDER BY o",
          row -> row.getString(1));
    }
  }

  @Test
  void whatTheServerKeepsAtEachColumnIsNeitherCarriedNorCompared() throws SQLException {
    onSource(COLUMNS_OPTION, "pg_attver");

    assertThat(preflight()).filteredOn(f -> f.severity() != Severity.INFO).isEmpty();
    transfer();

    assertThat(CatalogComparison.compare(source, target, ALL)).isEmpty();
    assertThat(options(target))
        .containsExactly(
            "kept.w n_distinct=7",
            "seen security_barrier=true",
            "t fillfactor=71",
            "t.v n_distinct=-0.5",
            "toast autovacuum_enabled=false");
  }

  @Test
  void anOptionThatNoUserCanSetIsNamedAndDoesNotStopTheMigration() throws SQLException {
    onSource(COLUMNS_OPTION, "pg_other");
    onSource(RELATIONS_OPTION, "next_thing");

    List<Finding> findings = preflight();
    assertThat(findings).filteredOn(f -> f.severity() == Severity.ERROR).isEmpty();
    assertThat(findings)
        .filteredOn(f -> f.code().equals("source.option"))
        .extracting(Finding::severity, Finding::object)
        .containsExactlyInAnyOrder(
            tuple(Severity.WARNING, "option pg_other of columns"),
            tuple(Severity.WARNING, "option next_thing of tables"),
            tuple(Severity.WARNING, "option toast.next_thing of tables"),
            tuple(Severity.WARNING, "option next_thing of views"),
            tuple(Severity.WARNING, "option next_thing of indexes"));
    transfer();

    assertThat(CatalogComparison.compare(source, target, ALL)).isEmpty();
    assertThat(options(target)).hasSize(5).noneMatch(option -> option.contains("next_thing"));
  }

  @Test
  void aDifferenceSaysWhatDiffers() throws SQLException {
    onSource(COLUMNS_OPTION, "pg_attver");
    transfer();
    TwoDatabases.execute(
        target,
        "ALTER TABLE t ALTER COLUMN v SET (n_distinct = -0.25)",
        "ALTER TABLE t ADD COLUMN more integer",
        "DROP VIEW seen");

    List<Difference> differences = CatalogComparison.compare(source, target, ALL);

    assertThat(differences)
        .extracting(Difference::object)
        .containsExactly("\"public\".\"t\"", "\"public\".\"seen\"");
    assertThat(differences.get(0).toString())
        .startsWith("table \"public\".\"t\" differs")
        .contains("n_distinct='-0.5'", "n_distinct='-0.25'", "more integer")
        .doesNotContain("pg_attver");
    assertThat(differences.get(1).toString())
        .startsWith("view \"public\".\"seen\" is missing on the target")
        .contains("CREATE VIEW \"public\".\"seen\" WITH (security_barrier='true')");
  }
}
