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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
        "INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i",
        "CREATE TABLE written (id bigint PRIMARY KEY, v text)");
  }

  private MigrationBuilder migration() {
    return Migration.builder()
        .id("edge")
        .from(both.source)
        .to(both.target)
        .state(StateStore.directory(folder.resolve("state")));
  }

  /** Does something on the source when a step begins. */
  private MigrationListener at(MigrationStep moment, String... statements) {
    return new MigrationListener() {
      @Override
      public void stepStarted(MigrationStep step) {
        if (step == moment) {
          try {
            TwoDatabases.run(both.source, statements);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "ALTER TABLE t ADD COLUMN w int, column w is new",
    "ALTER TABLE t REPLICA IDENTITY FULL, its replica identity went from",
  })
  void aTableThatIsAlteredMeanwhileStopsTheMigrationAndLeavesTheSourceOpen(
      String ddl, String message) throws SQLException {
    MigrationListener altering = at(MigrationStep.CDC, ddl, "INSERT INTO t (id) VALUES (1000)");
    Migration migration = migration().listener(altering).build();

    MigrationReport report = migration.run();

    assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(report.failure().orElseThrow()).contains("public.t was altered").contains(message);
    TwoDatabases.run(both.source, "INSERT INTO t (id) VALUES (1001)");
    assertThat(migration.abort().status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
  }

  @ParameterizedTest
  @DisplayName("What the stream does not tell stops the migration before the switch, by name")
  @CsvSource(
      delimiter = '|',
      value = {
        "CDC | ALTER TABLE t RENAME TO other | \"t\" is gone, or has another name",
        "CDC | CREATE TABLE made (id int PRIMARY KEY); INSERT INTO made VALUES (1) | \"made\" is new",
        "CDC | CREATE UNLOGGED TABLE made (id int) | \"made\"",
        "CUTOVER | ALTER TABLE t ADD COLUMN w int | \"t\" has other columns",
        "CUTOVER | DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, v text) | \"t\" was dropped",
        "CUTOVER | SELECT lo_from_bytea(0, 'kept') | large objects",
      })
  void whatTheStreamDoesNotTellStopsTheMigrationBeforeTheSwitch(
      MigrationStep moment, String ddl, String message) throws Exception {
    Migration migration = migration().listener(at(moment, ddl.split(";"))).build();
    try (FreeWriters writers = new FreeWriters(both.source, "written", 1)) {
      writers.await(5);

      MigrationReport report = migration.run();

      assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(report.failure().orElseThrow()).contains(message);
      writers.await(5);
      assertThat(writers.lost(both.source)).isEmpty();
    }
    assertThat(migration.abort().status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
  }

  @Tag("slow")
  @Test
  @DisplayName("What was made meanwhile may stay behind, when it is named")
  void whatWasMadeMeanwhileMayStayBehind() throws Exception {
    MigrationReport failed =
        migration()
            .listener(
                at(
                    MigrationStep.CDC,
                    "CREATE TABLE scratch (id int)",
                    "SELECT lo_from_bytea(0, 'kept')"))
            .build()
            .run();
    assertThat(failed.failure().orElseThrow()).contains("\"scratch\" is new");
    assertThat(failed.nextStep().orElseThrow()).contains("left behind");
    try (FreeWriters writers = new FreeWriters(both.source, "written", 1)) {
      writers.await(5);

      MigrationReport report =
          migration().leaveBehind("table \"public\".\"scratch\"", "large objects").build().run();

      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      writers.awaitRefused();
      assertThat(writers.lost(both.target)).isEmpty();
    }
    assertThat(TwoDatabases.ask(both.target, "SELECT to_regclass('scratch')")).isEqualTo("null");
  }

  @Test
  @DisplayName(
      "What was altered and undone before anybody wrote does no harm; with writes it stops")
  void whatWasAlteredAndUndoneDoesNoHarm() throws Exception {
    MigrationReport report =
        migration()
            .listener(
                at(
                    MigrationStep.CDC,
                    "ALTER TABLE t ADD COLUMN w int DEFAULT 5",
                    "ALTER TABLE t DROP COLUMN w",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "ALTER TABLE t REPLICA IDENTITY DEFAULT",
                    "ALTER TABLE t RENAME TO u",
                    "ALTER TABLE u RENAME TO t",
                    "UPDATE t SET v = 'after it' WHERE id > 50",
                    "INSERT INTO t VALUES (1000, 'after it')"))
            .build()
            .run();

    assertThat(report.failure()).isEmpty();
    assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
    assertThat(TwoDatabases.ask(both.target, "SELECT count(*) FROM t WHERE v = 'after it'"))
        .isEqualTo("51");
  }

  @Test
  @DisplayName("Writes between an ALTER and its undoing stop the migration")
  void writesBetweenAnAlterAndItsUndoingStopTheMigration() throws Exception {
    Migration migration =
        migration()
            .listener(
                at(
                    MigrationStep.CDC,
                    "ALTER TABLE t ALTER v TYPE varchar(10)",
                    "INSERT INTO t VALUES (1000, 'between')",
                    "ALTER TABLE t ALTER v TYPE text"))
            .build();

    MigrationReport report = migration.run();

    assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(report.failure().orElseThrow()).contains("public.t was altered");
    assertThat(migration.abort().status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
    TwoDatabases.run(both.source, "INSERT INTO t VALUES (1001, 'still open')");
  }

  @Tag("slow")
  @ParameterizedTest
  @DisplayName("Rows that an ALTER rewrote are found, whenever it came, and repaired")
  @EnumSource(names = {"CDC", "CUTOVER"})
  void rowsThatAnAlterRewroteAreFound(MigrationStep moment) throws Exception {
    Migration migration =
        migration()
            .listener(
                at(
                    moment,
                    "ALTER TABLE t ALTER v TYPE text USING v || CASE id WHEN 7 THEN '!' ELSE '' END"))
            .build();

    MigrationReport report = migration.run();

    assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(report.failure().orElseThrow()).contains("1 rows differ").contains("public.t (7)");
    assertThat(migration().build().repair().rowsRepaired()).isEqualTo(1);
    assertThat(migration().build().run().status()).isEqualTo(MigrationReport.Status.COMPLETED);
    assertThat(TwoDatabases.ask(both.target, "SELECT v FROM t WHERE id = 7")).isEqualTo("v!");
  }

  @Test
  @DisplayName("Large objects are refused by preflight with their number and the way out")
  void largeObjectsAreRefused() throws SQLException {
    TwoDatabases.run(both.source, "SELECT lo_from_bytea(0, 'one')", "SELECT lo_create(0)");

    assertThatThrownBy(() -> migration().build().run())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("large objects: There are 2")
        .hasMessageContaining("lo_get");
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
    both.recreate("ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    TwoDatabases.run(both.source, "CREATE TABLE t (id int PRIMARY KEY, v text)");

    assertThatThrownBy(() -> migration().build().run())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("both.encoding")
        .hasMessageContaining("SQL_ASCII");
  }
}
