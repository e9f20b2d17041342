/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.preflight.Preflight;
import io.clouddb.migration.postgres.preflight.PreflightOptions;
import io.clouddb.migration.postgres.preflight.Severity;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.InstalledPostgres;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The catalogs of the server that this machine's distribution brings. The embedded servers are
 * never the newest, and what a minor release changes is seen by users first.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstalledServerTest {
  private int version;
  private TwoDatabases databases;
  private TwoDatabases embedded;

  @BeforeAll
  void start() {
    embedded = new TwoDatabases();
    Optional<InstalledPostgres> installed = InstalledPostgres.find();
    assumeTrue(installed.isPresent(), "no PostgreSQL server is installed");
    version = installed.get().major();
    assumeTrue(version >= 14 && version <= 18, () -> "not of 14 to 18: " + installed.get());
    databases = TwoDatabases.on(installed.get());
  }

  @AfterAll
  void stop() {
    embedded.close();
    if (databases != null) {
      databases.close();
    }
  }

  @Test
  void preflightRefusesNothingThatNoUserSees() throws SQLException {
    ConnectionDetails source = embedded.database(version);
    ConnectionDetails target = databases.database(version);
    TwoDatabases.script(source, "everything.sql");
    TwoDatabases.execute(source, "DROP TABLE public.empty_key", "DROP TABLE public.no_columns");

    assertThat(Preflight.check(source, target, TableSelection.all(), PreflightOptions.defaults()))
        .filteredOn(
            finding ->
                finding.severity() == Severity.ERROR || finding.code().equals("source.option"))
        .isEmpty();
  }

  @Test
  @Tag("slow")
  void whatIsAlteredOnTheTargetIsReported() throws SQLException {
    CatalogComparisonTest.reports(databases, version, version);
  }
}
