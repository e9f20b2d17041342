/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a server keeps for one replica: the part of its log that this has not received yet. */
final class ReplicationSlot {
  private static final String PREFIX = "clouddb_replica_";
  private static final int SUFFIX = 12;
  private static final String OBJECT_IN_USE = "55006";
  private static final String UNDEFINED_OBJECT = "42704";
  private static final String CONFIGURATION_LIMIT_EXCEEDED = "53400";
  private static final Duration DROP_LIMIT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(10);

  private ReplicationSlot() {}

  /** A name that no other slot has. */
  static String newName() {
    String random = UUID.randomUUID().toString().replace("-", "");
    return PREFIX + random.substring(0, SUFFIX).toLowerCase(Locale.ROOT);
  }

  /** Makes one that keeps the log from now on. */
  static void create(SuperuserSession session, String name) throws SQLException {
    try {
      session.value("SELECT pg_catalog.pg_create_physical_replication_slot(?, true)", name);
    } catch (SQLException e) {
      if (CONFIGURATION_LIMIT_EXCEEDED.equals(e.getSQLState())) {
        throw ErrorDetails.of(
                ErrorCategory.QUOTA, "The primary has no replication slot left: " + e.getMessage())
            .nextStep("Raise max_replication_slots on it and restart it, or drop what is unused.")
            .toException(e);
      }
      throw e;
    }
  }

  /** Drops one, from under whoever uses it; does nothing when it is not there. */
  static void drop(SuperuserSession session, String name) throws SQLException, IOException {
    long deadline = System.nanoTime() + DROP_LIMIT.toNanos();
    while (true) {
      session.rows(
          "SELECT pg_catalog.pg_terminate_backend(active_pid)"
              + " FROM pg_catalog.pg_replication_slots"
              + " WHERE slot_name OPERATOR(pg_catalog.=) ?::pg_catalog.name"
              + " AND active_pid IS NOT NULL",
          name);
      try {
        session.rows(
            "SELECT pg_catalog.pg_drop_replication_slot(slot_name)"
                + " FROM pg_catalog.pg_replication_slots"
                + " WHERE slot_name OPERATOR(pg_catalog.=) ?::pg_catalog.name",
            name);
        return;
      } catch (SQLException e) {
        if (UNDEFINED_OBJECT.equals(e.getSQLState())) {
          return;
        }
        if (!OBJECT_IN_USE.equals(e.getSQLState()) || System.nanoTime() > deadline) {
          throw e;
        }
      }
      Pause.of(POLL);
    }
  }

  /**
   * Drops those of replicas that are gone: of a JVM that was killed, and of those that were closed
   * while their primary was down.
   *
   * @param wanted those that have a replica
   */
  static void dropUnused(SuperuserSession session, Set<String> wanted)
      throws SQLException, IOException {
    for (List<@Nullable String> row :
        session.rows(
            "SELECT slot_name FROM pg_catalog.pg_replication_slots"
                + " WHERE slot_type OPERATOR(pg_catalog.=) 'physical' AND NOT active"
                + " AND pg_catalog.starts_with(slot_name::pg_catalog.text, ?)",
            PREFIX)) {
      String name = row.get(0);
      if (name != null && !wanted.contains(name)) {
        drop(session, name);
      }
    }
  }

  /** How many bytes of its log a server keeps for a slot; empty when it is not there or lost. */
  static OptionalLong kept(SuperuserSession session, String name) throws SQLException {
    String bytes =
        session.value(
            "SELECT pg_catalog.pg_wal_lsn_diff(CASE WHEN pg_catalog.pg_is_in_recovery()"
                + " THEN pg_catalog.pg_last_wal_replay_lsn()"
                + " ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn)::bigint"
                + " FROM pg_catalog.pg_replication_slots"
                + " WHERE slot_name OPERATOR(pg_catalog.=) ?::pg_catalog.name",
            name);
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(bytes));
  }
}
