/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** PostgreSQL 18 can give up a slot that nobody reads; that of a paused migration, for example. */
class IdleSlotTest {
  @Test
  void aServerThatGivesUpIdleSlotsIsNamedBeforehandAndAfterwards() throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .version(18)
            .durable(false)
            .setting("wal_level", "logical")
            .setting("idle_replication_slot_timeout", "1s")
            .start()) {
      ConnectionDetails source = server.superuser();
      TwoDatabases.run(
          source,
          "CREATE DATABASE other",
          "SELECT pg_create_logical_replication_slot('idle', 'pgoutput')");
      ConnectionDetails target = source.toBuilder().database("other").build();

      assertThat(
              Preflight.check(
                  source,
                  target,
                  TableSelection.all(),
                  PreflightOptions.defaults().withReverse(true)))
          .filteredOn(finding -> finding.code().endsWith(".idle-slots"))
          .hasSize(2)
          .allSatisfy(
              finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                assertThat(finding.object()).isEqualTo("idle_replication_slot_timeout");
                assertThat(finding.message()).contains("1s");
                assertThat(finding.remedy()).contains("idle_replication_slot_timeout=0");
              });

      Eventually.until(
          "the slot to be given up",
          () -> {
            TwoDatabases.run(source, "CHECKPOINT");
            return "lost"
                .equals(TwoDatabases.ask(source, "SELECT wal_status FROM pg_replication_slots"));
          });
      try (Connection connection = source.connect()) {
        assertThatThrownBy(
                () -> SlotStatus.require(connection, "idle", LogSequenceNumber.valueOf(0)))
            .hasMessageContaining("idle_replication_slot_timeout")
            .hasMessageContaining("wal_status lost");
      }
    }
  }
}
