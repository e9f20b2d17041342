/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether the target lets the migration switch triggers and foreign keys off for its sessions. */
final class ReplicaRole {
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private ReplicaRole() {}

  /** Tries it: what a role may set differs between clouds and versions. */
  static boolean available(Connection target) throws SQLException {
    try (Statement statement = target.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute("RESET session_replication_role");
      return true;
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }
}
