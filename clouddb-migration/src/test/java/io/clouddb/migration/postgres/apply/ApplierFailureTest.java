/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.JavaCommand;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.migration.postgres.testing.Ends;
import java.io.File;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplierFailureTest {
  private static Ends ends() throws Exception {
    Ends ends = Ends.of(16, 16);
    ends.onBoth(
        "CREATE TABLE a (id int PRIMARY KEY, t text)", "CREATE TABLE keyless (t text, n numeric)");
    ends.onSource(
        "ALTER TABLE keyless REPLICA IDENTITY FULL",
        "INSERT INTO a SELECT i, 'r' || i FROM generate_series(1, 100) i",
        "INSERT INTO keyless VALUES ('x', 1.0), ('x', 1.0), ('x', 1.00)");
    ends.copy(1, 1 << 20);
    return ends;
  }

  private static CloudDbException failureOf(Applier applier) throws Exception {
    Throwable failure = applier.failure().get(Ends.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(failure).isInstanceOf(CloudDbException.class);
    return (CloudDbException) failure;
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE FROM a WHERE id = 5, UPDATE a SET t = 'z' WHERE id = 5, UPDATE in public.a hit 0 rows instead of one: key (5)",
    "DELETE FROM a WHERE id = 6, DELETE FROM a WHERE id = 6, DELETE in public.a hit 0 rows instead of one: key (6)",
    "UPDATE keyless SET n = 1.000, DELETE FROM keyless, DELETE in public.keyless hit 0 rows instead of one (the table has no key)",
    "INSERT INTO a VALUES (200), INSERT INTO a VALUES (200), table public.a"
  })
  void stopsWhenTheTargetIsNotAsItWasLeft(String onTarget, String onSource, String message)
      throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      ends.onTarget(onTarget);
      ends.onSource(onSource);
      CloudDbException failure = failureOf(applier);
      assertThat(failure).hasMessageContaining(message);
      assertThat(failure.category()).isEqualTo(ErrorCategory.DATA);
      try (ExpectedMarker marker = applier.expectMarker("m")) {
        assertThatThrownBy(() -> marker.await(Ends.PATIENCE))
            .isInstanceOf(CloudDbException.class)
            .hasMessageContaining(message);
      }
      assertThatThrownBy(() -> applier.hold(Ends.PATIENCE)).hasMessageContaining(message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ALTER TABLE a ADD COLUMN extra int, column extra is new",
    "ALTER TABLE a DROP COLUMN t, column t is gone",
    "ALTER TABLE a RENAME COLUMN t TO u, column u is new",
    "ALTER TABLE a ALTER COLUMN id TYPE bigint, column id is no longer of type integer",
    "ALTER TABLE a REPLICA IDENTITY FULL, its replica identity went from 'd' to 'f'",
    "ALTER TABLE a RENAME TO b, it is now called public.b",
  })
  void stopsAtDdlAndNamesIt(String ddl, String message) throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      ends.onSource("INSERT INTO a VALUES (1000)");
      ends.catchUp(applier);
      ends.onSource(ddl);
      String table = ddl.contains("TO b") ? "b" : "a";
      ends.onSource("INSERT INTO " + table + " VALUES (1001)");
      assertThat(failureOf(applier))
          .hasMessageContaining("Table public.a was altered on the source")
          .hasMessageContaining(message);
    }
  }

  @Test
  void refusesASecondApplierOfTheSameMigration() throws Exception {
    try (Ends ends = ends();
        Applier first = ends.applier()) {
      ends.catchUp(first);
      try (Applier second = ends.applier(ends.options().retryFor(Duration.ofMillis(200)).build())) {
        assertThat(failureOf(second))
            .hasMessageContaining("Another process applies migration test");
      }
      ends.onSource("INSERT INTO a VALUES (1000)");
      ends.catchUp(first);
    }
  }

  @Test
  void stopsWhenTheSlotIsGone() throws Exception {
    try (Ends ends = ends()) {
      try (Connection connection = PinnedSession.open(ends.source(), "test")) {
        SlotStatus.drop(connection, ends.slot(), Ends.PATIENCE);
      }
      try (Applier applier = ends.applier()) {
        assertThat(failureOf(applier)).hasMessageContaining("has no replication slot");
      }
    }
  }

  @Test
  void stopsWhenTheSlotIsAheadOfTheTarget() throws Exception {
    try (Ends ends = ends()) {
      String position = Ends.query(ends.target(), "SELECT lsn FROM clouddb_migration.position");
      ends.onSource("INSERT INTO a VALUES (1000)");
      try (Applier applier = ends.applier()) {
        ends.catchUp(applier);
        String past = applier.position().asString();
        Ends.await(
            ends.source(),
            "SELECT confirmed_flush_lsn >= '"
                + past
                + "' FROM pg_replication_slots"
                + " WHERE slot_name = '"
                + ends.slot()
                + "'",
            "t");
      }
      ends.onTarget("UPDATE clouddb_migration.position SET lsn = '" + position + "'");
      try (Applier applier = ends.applier()) {
        assertThat(failureOf(applier)).hasMessageContaining("was read by something else");
      }
    }
  }

  @Test
  void stopsWhenTheSourceIsAnotherServer() throws Exception {
    try (Ends ends = ends()) {
      ends.onTarget("UPDATE clouddb_migration.position SET system_identifier = '1'");
      try (Applier applier = ends.applier()) {
        assertThat(failureOf(applier))
            .hasMessageContaining("another server")
            .hasMessageContaining(SourceIdentity.read(ends.source()).systemIdentifier());
      }
      ends.onTarget(
          "UPDATE clouddb_migration.position SET system_identifier = '"
              + SourceIdentity.read(ends.source()).systemIdentifier()
              + "', timeline = 7");
      try (Applier applier = ends.applier()) {
        assertThat(failureOf(applier)).hasMessageContaining("failed over or was restored");
      }
    }
  }

  @Test
  void stopsWhenATableIsNotPartOfTheMigration() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      ends.onSource(
          "CREATE TABLE later (id int PRIMARY KEY)",
          "ALTER PUBLICATION clouddb_test ADD TABLE later",
          "INSERT INTO later VALUES (1)");
      assertThat(failureOf(applier))
          .hasMessageContaining("public.later, which is not part of the migration");
    }
  }

  /** A server hands on what its files hold, without looking. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`INSERT INTO texts VALUES ('one', '\\xff41'::bytea::text)`, v, (one)",
        "UPDATE texts SET v = '\\xff41'::bytea::text, v, (two)",
        "`INSERT INTO texts VALUES ('\\xff41'::bytea::text, 'x')`, k, (\\xff41)",
      })
  void stopsAtBytesThatAreNoText(String sql, String column, String key) throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE texts (k text PRIMARY KEY, v text)");
      ends.onSource("INSERT INTO texts VALUES ('two', 'good')");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        ends.asSuperuser(ends.sourceServer(), "CREATE CAST (bytea AS text) WITHOUT FUNCTION", sql);
        CloudDbException failure = failureOf(applier);
        assertThat(failure.category()).isEqualTo(ErrorCategory.DATA);
        assertThat(failure)
            .hasMessageContaining("Column " + column + " of public.texts")
            .hasMessageContaining("the key " + key);
      }
      assertThat(Ends.query(ends.target(), "SELECT k || v FROM public.texts")).isEqualTo("twogood");
    }
  }

  /** Everybody may write a message of that size. */
  @Tag("slow")
  @Test
  void saysThatAMessageIsLargerThanTheMemory() throws Exception {
    try (Ends ends = ends()) {
      ends.onSource("SELECT pg_logical_emit_message(true, 'any', repeat('x', 100000000))");
      Process process =
          new ProcessBuilder(
                  JavaCommand.of(
                      "64m",
                      SmallHeapProcess.class,
                      ends.source().jdbcUrl(),
                      ends.target().jdbcUrl(),
                      ends.source().user(),
                      ends.slot()))
              .redirectErrorStream(true)
              .redirectOutput(new File("target", "small-heap.log"))
              .start();
      try {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(SmallHeapProcess.SAID_SO);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }
}
