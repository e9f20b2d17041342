/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.migration.Migration;
import io.clouddb.migration.MigrationBuilder;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.state.StateStore;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not as it was when the migration began, or not what its user took it for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangedDefinitionsTest {
  @TempDir Path folder;

  private TwoDatabases both;

  @BeforeAll
  void start() throws SQLException {
    both = TwoDatabases.start(16, 16, true);
  }

  @AfterAll
  void stop() {
    both.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    both.recreate();
    TwoDatabases.run(
        both.source,
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i");
  }

  private MigrationBuilder migration() {
    return Migration.builder()
        .id("edge")
        .from(both.source)
        .to(both.target)
        .state(StateStore.directory(folder.resolve("state")));
  }

  @ParameterizedTest
  @CsvSource({
    "ALTER TABLE t ADD COLUMN w int, column w is new",
    "ALTER TABLE t REPLICA IDENTITY FULL, its replica identity went from",
  })
  void aTableThatIsAlteredMeanwhileStopsTheMigrationAndLeavesTheSourceOpen(
      String ddl, String message) throws SQLException {
    MigrationListener altering =
        new MigrationListener() {
          @Override
          public void stepStarted(MigrationStep step) {
            if (step == MigrationStep.CDC) {
              try {
                TwoDatabases.run(both.source, ddl, "INSERT INTO t (id) VALUES (1000)");
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            }
          }
        };
    Migration migration = migration().listener(altering).build();

    MigrationReport report = migration.run();

    assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(report.failure().orElseThrow()).contains("public.t was altered").contains(message);
    TwoDatabases.run(both.source, "INSERT INTO t (id) VALUES (1001)");
    assertThat(migration.abort().status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
  }

  @Test
  void aSelectionOfNothingIsRefusedAndNotCalledASuccess() {
    Migration nothing = migration().tables("public.T*").build();

    assertThatThrownBy(nothing::run)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("source.nothing-selected")
        .hasMessageContaining("public.T*");
  }

  @Test
  void bytesThatAreInNoKnownEncodingAreRefused() throws SQLException {
    TwoDatabases.run(
        both.sourceServer.superuser(),
        "DROP DATABASE shop WITH (FORCE)",
        "CREATE DATABASE shop OWNER source_admin ENCODING 'SQL_ASCII' LOCALE 'C'"
            + " TEMPLATE template0");
    TwoDatabases.run(both.source, "CREATE TABLE t (id int PRIMARY KEY, v text)");

    assertThatThrownBy(() -> migration().build().run())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("both.encoding")
        .hasMessageContaining("SQL_ASCII");
  }
}
