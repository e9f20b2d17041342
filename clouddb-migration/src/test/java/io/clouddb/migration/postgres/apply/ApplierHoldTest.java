/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class ApplierHoldTest {
  private static final TableName A = new TableName("public", "a");

  private static Ends ends() throws Exception {
    Ends ends = Ends.of(16, 16);
    ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, t text)");
    ends.copy(1, 1 << 20);
    return ends;
  }

  private static String ids(Ends ends) throws Exception {
    return Ends.query(ends.target(), "SELECT string_agg(id::text, ' ' ORDER BY id) FROM public.a");
  }

  @Test
  void appliesExactlyWhatIsBeforeAPoint() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      for (int round = 0; round < 20; round++) {
        int id = round * 10;
        ends.onSource("INSERT INTO a VALUES (" + (id + 1) + ", 'before')");
        applier.hold(Ends.PATIENCE);
        ends.onSource("INSERT INTO a VALUES (" + (id + 2) + ", 'in the snapshot')");
        LogSequenceNumber point;
        try (ReplicationSlot slot =
            ReplicationSlot.createTemporary(ends.source(), ends.slot() + "_t", Ends.PATIENCE)) {
          point = slot.consistentPoint();
        }
        ends.onSource("INSERT INTO a VALUES (" + (id + 3) + ", 'after')");
        applier.applyUpTo(point, Ends.PATIENCE);
        assertThat(ids(ends)).endsWith((id + 1) + " " + (id + 2));
        applier.release();
        ends.catchUp(applier);
        assertThat(ids(ends)).endsWith((id + 2) + " " + (id + 3));
      }
    }
  }

  @Test
  void reachesAPointOfAnIdleSource() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      ends.catchUp(applier);
      applier.hold(Ends.PATIENCE);
      LogSequenceNumber point;
      try (ReplicationSlot slot =
          ReplicationSlot.createTemporary(ends.source(), ends.slot() + "_t", Ends.PATIENCE)) {
        point = slot.consistentPoint();
      }
      applier.applyUpTo(point, Ends.PATIENCE);
      applier.release();
      assertThat(applier.failure()).isNotDone();
    }
  }

  @Test
  void refusesToBeHeldTwiceAndToRunWhenNotHeld() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      assertThatThrownBy(() -> applier.applyUpTo(LogSequenceNumber.valueOf(1), Ends.PATIENCE))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("not held");
      applier.hold(Ends.PATIENCE);
      assertThatThrownBy(() -> applier.hold(Ends.PATIENCE)).hasMessageContaining("held already");
      applier.release();
    }
  }

  @Test
  void neverConfirmsWhatIsNotDurableOnTheTarget() throws Exception {
    try (Ends ends = ends();
        Applier applier =
            ends.applier(ends.options().statusInterval(Duration.ofMillis(20)).build())) {
      ends.onSource("INSERT INTO a VALUES (1, 'x')");
      ends.catchUp(applier);
      applier.hold(Ends.PATIENCE);
      LogSequenceNumber durable = applier.position();
      ends.onSource("INSERT INTO a SELECT i, 'y' FROM generate_series(2, 5000) i");
      String replies =
          "SELECT count(*) > 0 FROM pg_stat_replication WHERE usename = '"
              + ends.source().user()
              + "' AND reply_time > '%s'::timestamptz";
      for (int i = 0; i < 5; i++) {
        String now = Ends.query(ends.source(), "SELECT clock_timestamp()");
        Ends.await(ends.sourceServer().superuser(), replies.formatted(now), "t");
        try (Connection connection = PinnedSession.open(ends.source(), "test")) {
          assertThat(SlotStatus.read(connection, ends.slot()).orElseThrow().confirmed())
              .isLessThanOrEqualTo(durable);
        }
      }
      applier.release();
      ends.catchUp(applier);
      assertThat(ends.differences()).isEmpty();
    }
  }

  @Test
  void letsAnIdleDatabaseBesideABusyOneGoOn() throws Exception {
    try (Ends ends = ends();
        Applier applier =
            ends.applier(ends.options().statusInterval(Duration.ofMillis(20)).build())) {
      ends.catchUp(applier);
      // Log that this slot has nothing of: another database's.
      try (Connection other = ends.sourceServer().superuser().connect();
          var statement = other.createStatement()) {
        statement.execute(
            "CREATE TABLE noise AS SELECT repeat('x', 100) FROM generate_series(1, 50000)");
        statement.execute("DROP TABLE noise");
      }
      String now = Ends.query(ends.source(), "SELECT pg_current_wal_lsn()");
      Ends.await(
          ends.source(),
          "SELECT confirmed_flush_lsn >= '"
              + now
              + "' FROM pg_replication_slots WHERE slot_name = '"
              + ends.slot()
              + "'",
          "t");
      assertThat(applier.position()).isGreaterThanOrEqualTo(LogSequenceNumber.valueOf(now));
    }
  }

  @Test
  void waitsForAMarkerOnlyAsLongAsItIsTold() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      try (ExpectedMarker marker = applier.expectMarker("written later")) {
        assertThatThrownBy(() -> marker.await(Duration.ofMillis(50)))
            .isInstanceOfSatisfying(
                CloudDbException.class,
                e -> assertThat(e.category()).isEqualTo(ErrorCategory.DEADLINE));
        ends.onSource("SELECT pg_logical_emit_message(true, 'clouddb', 'written later')");
        ends.catchUp(applier);
        marker.await(Duration.ofMillis(1));
      }
    }
  }

  @Test
  void notesKeysOfChangedRowsUntilATableCountsAsAWhole() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier(ends.options().changedKeysPerTable(10).build())) {
      ends.onSource("INSERT INTO a VALUES (1, 'before')");
      ends.catchUp(applier);
      applier.recordChangedKeys(true);
      ends.onSource(
          "INSERT INTO a VALUES (2, 'x'), (3, 'x')",
          "UPDATE a SET id = 4 WHERE id = 3",
          "DELETE FROM a WHERE id = 2");
      ends.catchUp(applier);
      ChangedKeys changed = applier.drainChangedKeys();
      assertThat(changed.keys().get(A))
          .containsExactlyInAnyOrder(
              new RowKey(List.of("2")), new RowKey(List.of("3")), new RowKey(List.of("4")));
      assertThat(changed.wholeTables()).isEmpty();
      ends.onSource("INSERT INTO a SELECT i, 'x' FROM generate_series(10, 30) i");
      ends.catchUp(applier);
      ChangedKeys more = applier.drainChangedKeys();
      assertThat(more.keys()).isEmpty();
      assertThat(more.wholeTables()).containsExactly(A);
      applier.restoreChangedKeys(changed);
      ends.onSource("INSERT INTO a VALUES (40, 'x')");
      ends.catchUp(applier);
      assertThat(applier.drainChangedKeys().keys().get(A)).hasSize(4);
    }
  }

  @Test
  void measuresTheLag() throws Exception {
    try (Ends ends = ends();
        Applier applier = ends.applier()) {
      ends.onSource("INSERT INTO a VALUES (1, 'x')");
      ends.catchUp(applier);
      applier.hold(Ends.PATIENCE);
      ends.onSource("INSERT INTO a SELECT i, repeat('y', 100) FROM generate_series(2, 1000) i");
      assertThat(applier.lag().bytes()).isGreaterThan(100_000);
      applier.release();
      ends.catchUp(applier);
      assertThat(applier.lag().bytes()).isLessThan(100_000);
    }
  }
}
