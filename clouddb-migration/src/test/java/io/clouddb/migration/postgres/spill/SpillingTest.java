/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.postgres.testing.Ends;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.replication.LogSequenceNumber;

/** What a migration that spills asks of its slot before it goes on. */
class SpillingTest {
  private static final String SLOT = "spilled";

  @TempDir private Path folder;

  private static LogSequenceNumber confirmed(Connection source) throws SQLException {
    return SlotStatus.read(source, SLOT).orElseThrow().confirmed();
  }

  private static void write(Connection source) throws SQLException {
    run(source, "CREATE TABLE more (id int)");
    run(source, "DROP TABLE more");
  }

  private static void advance(Connection source) throws SQLException {
    run(source, "SELECT pg_replication_slot_advance('spilled', pg_current_wal_lsn())");
  }

  private static void run(Connection source, String sql) throws SQLException {
    try (Statement statement = source.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Has the slot be moved on as soon as somebody has looked at it once. */
  private static Connection moving(Connection source, AtomicInteger looks) {
    return (Connection)
        Proxy.newProxyInstance(
            SpillingTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && String.valueOf(arguments[0]).contains("pg_replication_slots")
                  && looks.incrementAndGet() > 1) {
                advance(source);
              }
              try {
                return method.invoke(source, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void aSlotThatItsOwnFilesLetMoveOnMeanwhileIsUsable() throws Exception {
    try (Ends ends = Ends.of(16, 16);
        Connection source = ends.source().connect()) {
      run(source, "SELECT pg_create_logical_replication_slot('spilled', 'pgoutput')");
      LogSequenceNumber from = confirmed(source);
      write(source);
      AtomicInteger looks = new AtomicInteger();
      Spilling spilling = new Spilling(folder, 1 << 20);
      assertThatNoException()
          .isThrownBy(() -> spilling.requireUsable(moving(source, looks), SLOT, from));
      assertThat(looks).hasPositiveValue();

      advance(source);
      assertThat(confirmed(source)).isGreaterThan(from);
      assertThatThrownBy(() -> spilling.requireUsable(source, SLOT, from))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("which do not have them");
      run(source, "SELECT pg_drop_replication_slot('spilled')");
      assertThatThrownBy(() -> spilling.requireUsable(source, SLOT, from))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("no replication slot " + SLOT);
    }
  }
}
