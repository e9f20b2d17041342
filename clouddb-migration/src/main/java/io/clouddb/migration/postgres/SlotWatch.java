/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A slot that keeps write-ahead log on a server.
 *
 * @param server the server
 * @param slot the slot's name
 */
record SlotWatch(ConnectionDetails server, String slot) {
  /** How much is kept for it, in bytes; 0 when there is no such slot. */
  long retained(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT greatest(0, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(),"
                + " restart_lsn))::bigint"
                + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ?")) {
      select.setString(1, slot);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
