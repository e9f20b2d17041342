/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.migration.Migration;
import io.clouddb.migration.MigrationBuilder;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that the journal does not speak of is left as it is. */
@Tag("slow")
class OtherEndsTest {
  private static TwoDatabases both;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws SQLException {
    both = TwoDatabases.start(16, 16, false);
  }

  @AfterAll
  static void stop() {
    both.close();
  }

  @BeforeEach
  void migrateUpToTheSwitch() throws SQLException {
    both.recreate();
    TwoDatabases.run(both.source, "CREATE TABLE t (id bigint PRIMARY KEY, v text)");
    MigrationListener making =
        new MigrationListener() {
          @Override
          public void stepStarted(MigrationStep step) {
            if (step == MigrationStep.CUTOVER) {
              try {
                TwoDatabases.run(both.source, "CREATE TABLE made (id bigint)");
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            }
          }
        };
    MigrationReport failed = migration().listener(making).build().run();
    assertThat(failed.failure().orElseThrow()).contains("\"made\" is new");
  }

  private MigrationBuilder migration() {
    return both.migration(folder);
  }

  /** Another database of the same name, with what a migration makes on its target too. */
  private static void replace(ConnectionDetails side, ConnectionDetails superuser, String owner)
      throws SQLException {
    TwoDatabases.dropSlots(superuser);
    TwoDatabases.run(
        superuser, "DROP DATABASE shop WITH (FORCE)", "CREATE DATABASE shop OWNER " + owner);
    TwoDatabases.run(
        side,
        "CREATE TABLE t (id bigint PRIMARY KEY, v text)",
        "CREATE TABLE u (t bigint REFERENCES t)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER clouddb_shop_fence BEFORE INSERT ON t EXECUTE FUNCTION f()",
        "CREATE TRIGGER kept BEFORE INSERT ON t EXECUTE FUNCTION f()",
        "CREATE RULE kept AS ON UPDATE TO u DO INSTEAD NOTHING");
  }

  private static void assertUntouched(ConnectionDetails side) throws SQLException {
    assertThat(
            TwoDatabases.ask(
                side,
                "SELECT concat((SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
                    + " AND tgenabled = 'O'), ' ',"
                    + " (SELECT count(*) FROM pg_constraint WHERE contype = 'f'), ' ',"
                    + " (SELECT count(*) FROM pg_rules WHERE rulename = 'kept'))"))
        .isEqualTo("2 1 1");
  }

  @Test
  @DisplayName("Another database at the target's address is left alone, and the source is opened")
  void anotherTargetIsLeftAlone() throws SQLException {
    replace(both.target, both.targetServer.superuser(), "target_admin");
    Migration migration = migration().build();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(migration::run, migration::rehearse, migration::repair)) {
      assertThatThrownBy(call)
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("The target is not the one that this migration began with")
          .hasMessageContaining("abort");
      assertUntouched(both.target);
    }
    MigrationReport aborted = migration.abort();

    assertThat(aborted.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
    assertThat(aborted.leftBehind())
        .anyMatch(
            left ->
                left.startsWith("On the target that was")
                    && left.contains("clouddb_migration.position")
                    && left.contains("is not the one"))
        .noneMatch(left -> left.contains("drop them"));
    assertUntouched(both.target);
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
        .isEqualTo("0");
  }

  @Test
  @DisplayName("Another database at the source's address is left alone, and nothing is said undone")
  void anotherSourceIsLeftAlone() throws SQLException {
    replace(both.source, both.sourceServer.superuser(), "source_admin");
    Migration migration = migration().build();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            migration::run,
            migration::rehearse,
            migration::repair,
            migration::abort,
            migration::rollback,
            migration::releaseSource)) {
      assertThatThrownBy(call)
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("The source is not the one that this migration began with")
          .hasMessageContaining("clouddb_migration");
      assertUntouched(both.source);
    }
    assertThat(TwoDatabases.ask(both.target, "SELECT count(*) FROM clouddb_migration.position"))
        .isEqualTo("1");
  }

  @Test
  @DisplayName("What names other databases than the journal is refused before anything is done")
  void otherSettingsAreRefused() throws SQLException {
    Migration swapped =
        Migration.builder()
            .id("shop")
            .from(both.source)
            .to(both.targetServer.superuser())
            .tables("public.*")
            .state(StateStore.directory(folder.resolve("state")))
            .build();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(swapped::run, swapped::rehearse, swapped::abort)) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("began with the target");
    }
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
        .isEqualTo("1");
    assertThat(migration().build().abort().status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
  }
}
