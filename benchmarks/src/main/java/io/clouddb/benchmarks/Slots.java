/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** Slots of a source. */
final class Slots {
  private static final long LIMIT_SECONDS = 60;

  private Slots() {}

  static void create(ConnectionDetails source, String name) throws SQLException {
    Servers.execute(
        source, "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
  }

  static void copy(ConnectionDetails source, String name, String copy) throws SQLException {
    Servers.execute(
        source, "SELECT pg_copy_logical_replication_slot('" + name + "', '" + copy + "')");
  }

  /** Drops a slot as soon as nobody reads it. */
  static void drop(ConnectionDetails source, String name) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    String active = "SELECT active FROM pg_replication_slots WHERE slot_name = '" + name + "'";
    while (Servers.query(source, active).equals("t")) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Slot " + name + " is still being read");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    Servers.execute(source, "SELECT pg_drop_replication_slot('" + name + "')");
  }
}
