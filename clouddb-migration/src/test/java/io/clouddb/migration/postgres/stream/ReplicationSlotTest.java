/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

class ReplicationSlotTest {
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void exportsASnapshotAndStaysOrVanishes(int version) throws Exception {
    try (Ends ends = Ends.of(version, 16);
        Connection connection = PinnedSession.open(ends.source(), "test")) {
      ends.onSource("CREATE TABLE a (id int)", "INSERT INTO a VALUES (1)");
      try (ReplicationSlot slot =
          ReplicationSlot.create(ends.source(), ends.slot(), Ends.PATIENCE)) {
        ends.onSource("INSERT INTO a VALUES (2)");
        assertThat(inSnapshot(connection, slot.snapshot())).isEqualTo("1");
        assertThat(slot.identity()).isEqualTo(SourceIdentity.read(ends.source()));
        SlotStatus status = SlotStatus.read(connection, ends.slot()).orElseThrow();
        assertThat(status.plugin()).isEqualTo("pgoutput");
        assertThat(status.temporary()).isFalse();
        assertThat(status.active()).isFalse();
        assertThat(status.walStatus()).isEqualTo("reserved");
        assertThat(status.confirmed()).isEqualTo(slot.consistentPoint());
      }
      String temporary = ends.slot() + "_t";
      try (ReplicationSlot slot =
          ReplicationSlot.createTemporary(ends.source(), temporary, Ends.PATIENCE)) {
        assertThat(inSnapshot(connection, slot.snapshot())).isEqualTo("2");
        assertThat(SlotStatus.read(connection, temporary)).isPresent();
      }
      Ends.await(
          ends.source(),
          "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + temporary + "'",
          "0");
      assertThat(SlotStatus.read(connection, ends.slot())).isPresent();
      assertThatThrownBy(() -> ReplicationSlot.create(ends.source(), ends.slot(), Ends.PATIENCE))
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS));
      SlotStatus.drop(connection, ends.slot(), Ends.PATIENCE);
      SlotStatus.drop(connection, ends.slot(), Ends.PATIENCE);
      assertThat(SlotStatus.read(connection, ends.slot())).isEmpty();
    }
  }

  private static String inSnapshot(Connection connection, String snapshot) throws Exception {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
      try (var rows = statement.executeQuery("SELECT count(*) FROM public.a")) {
        rows.next();
        return rows.getString(1);
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  @Test
  void waitsForOpenTransactionsOnlyAsLongAsItIsTold() throws Exception {
    try (Ends ends = Ends.of(16, 16);
        Connection writer = ends.source().connect();
        Statement statement = writer.createStatement()) {
      ends.onSource("CREATE TABLE a (id int)");
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO a VALUES (1)");
      assertThatThrownBy(
              () -> ReplicationSlot.create(ends.source(), ends.slot(), Duration.ofMillis(300)))
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.DEADLINE))
          .hasMessageContaining("End the write transactions");
      writer.commit();
      ReplicationSlot.create(ends.source(), ends.slot(), Ends.PATIENCE).close();
    }
  }

  @Test
  void refusesNamesThatAreNone() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      assertThatThrownBy(() -> ReplicationSlot.create(ends.source(), "No!", Ends.PATIENCE))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("'No!'");
    }
  }

  @Test
  void saysWhenTheLogWasRemoved() throws Exception {
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .durable(false)
                .setting("wal_level", "logical")
                .setting("max_slot_wal_keep_size", "1MB")
                .setting("min_wal_size", "32MB")
                .setting("max_wal_size", "32MB")
                .start();
        Connection connection = PinnedSession.open(server.superuser(), "test");
        Statement statement = connection.createStatement()) {
      LogSequenceNumber point;
      try (ReplicationSlot slot =
          ReplicationSlot.create(server.superuser(), "lost", Ends.PATIENCE)) {
        point = slot.consistentPoint();
      }
      SlotStatus.requireUsable(connection, "lost", point);
      for (int i = 0; i < 4; i++) {
        statement.execute("SELECT pg_logical_emit_message(false, 'x', 'y')");
        statement.execute("SELECT pg_switch_wal()");
      }
      statement.execute("CHECKPOINT");
      assertThatThrownBy(() -> SlotStatus.requireUsable(connection, "lost", point))
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.CONDITION_FAILED))
          .hasMessageContaining("wal_status lost");
    }
  }
}
