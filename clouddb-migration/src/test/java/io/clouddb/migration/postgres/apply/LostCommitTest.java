/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.postgres.testing.AnswerLink;
import io.clouddb.migration.postgres.testing.Ends;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A commit on the target that came through, and whose answer did not. */
class LostCommitTest {
  @TempDir Path folder;

  private static Ends ends() throws Exception {
    Ends ends = Ends.of(16, 16);
    ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, t text)");
    ends.copy(1, 1 << 20);
    return ends;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsItsKeysItsMarkersAndItsNumbers(boolean spills) throws Exception {
    Spilling spilling = spills ? new Spilling(folder, 1L << 30) : null;
    if (spilling != null) {
      spilling.engage(true);
    }
    try (Ends ends = ends();
        AnswerLink link = AnswerLink.to(ends.target(), "COMMIT");
        Applier applier =
            new Applier(
                ends.source(),
                link.through(),
                ends.tables(),
                ends.options().spilling(spilling).build())) {
      applier.start();
      ends.catchUp(applier);
      applier.hold(Ends.PATIENCE);
      applier.recordChangedKeys(true);
      applier.release();
      ApplyCounters before = applier.counters();
      for (int id = 1; id <= 3; id++) {
        String marker = UUID.randomUUID().toString();
        try (ExpectedMarker expected = applier.expectMarker(marker)) {
          link.loseNextAnswer();
          ends.onSource(
              "BEGIN; INSERT INTO a VALUES ("
                  + id
                  + ", 'x'); SELECT pg_logical_emit_message(true, 'clouddb', '"
                  + marker
                  + "'); COMMIT");
          expected.await(Duration.ofSeconds(20));
        }
        assertThat(link.lost()).isTrue();
      }
      assertThat(applier.drainChangedKeys().keys())
          .isEqualTo(Map.of(new TableName("public", "a"), Set.of(key("1"), key("2"), key("3"))));
      assertThat(applier.counters().inserted() - before.inserted()).isEqualTo(3);
      assertThat(applier.counters().retries()).isEqualTo(3);
      assertThat(ends.differences()).isEmpty();
    }
  }

  /** What is not committed has no keys: it is done again, and has them then. */
  @Test
  void forgetsWhatDidNotComeThrough() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      ends.catchUp(applier);
      applier.hold(Ends.PATIENCE);
      applier.recordChangedKeys(true);
      applier.release();
      ends.asSuperuser(
          ends.targetServer(),
          "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN RAISE SQLSTATE '40001'; END $$",
          "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED"
              + " FOR EACH ROW EXECUTE FUNCTION fail()",
          "ALTER TABLE a ENABLE ALWAYS TRIGGER fail");
      ends.onSource("INSERT INTO a VALUES (1, 'x')");
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (applier.counters().retries() == 0) {
        assertThat(System.nanoTime()).as("a commit is refused").isLessThan(deadline);
        Thread.onSpinWait();
      }
      assertThat(applier.drainChangedKeys().isEmpty()).isTrue();
      assertThat(applier.counters().inserted()).isZero();
      ends.asSuperuser(ends.targetServer(), "DROP TRIGGER fail ON a");
      ends.catchUp(applier);
      assertThat(applier.drainChangedKeys().keys()).containsOnlyKeys(new TableName("public", "a"));
      assertThat(applier.counters().inserted()).isEqualTo(1);
    }
  }

  @Test
  void stopsWhenSomethingElseMovedThePosition() throws Exception {
    try (Ends ends = ends();
        AnswerLink link = AnswerLink.to(ends.target(), "COMMIT");
        Applier applier =
            new Applier(ends.source(), link.through(), ends.tables(), ends.options().build())) {
      applier.start();
      ends.catchUp(applier);
      applier.hold(Ends.PATIENCE);
      // As another applier would have, whose keys this one does not know.
      ends.onTarget("UPDATE clouddb_migration.position SET lsn = lsn + 8");
      Ends.query(
          ends.targetServer().superuser(),
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name ="
              + " 'clouddb-apply' AND datname = '"
              + ends.target().database()
              + "'");
      ends.onSource("INSERT INTO a VALUES (1, 'x')");
      applier.release();
      assertThat(applier.failure().get(60, TimeUnit.SECONDS))
          .hasMessageContaining("something else applies it too");
      assertThatThrownBy(() -> applier.hold(Ends.PATIENCE))
          .hasMessageContaining("something else applies it too");
    }
  }

  private static RowKey key(String value) {
    return new RowKey(List.of(value));
  }
}
