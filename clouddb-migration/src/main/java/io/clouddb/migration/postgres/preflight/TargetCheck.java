/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** What the role may do on the target; tried out, and rolled back. */
final class TargetCheck {
  private final Side target;
  private final Findings findings;

  TargetCheck(Side target, Findings findings) {
    this.target = target;
    this.findings = findings;
  }

  void run() throws SQLException {
    Connection connection = target.connection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE SCHEMA clouddb_preflight_" + UUID.randomUUID().toString().replace('-', '_'));
    } catch (SQLException e) {
      findings.error(
          "target.create-schema",
          target.details().database(),
          "The role cannot create schemas on the target: " + e.getMessage(),
          "As the owner of the database: GRANT CREATE ON DATABASE "
              + TableName.quote(target.details().database())
              + " TO "
              + target.quotedUser()
              + ".");
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    replicaRole();
  }

  /** With replica role, triggers and foreign keys rest while changes are applied. */
  private void replicaRole() throws SQLException {
    Connection connection = target.connection();
    connection.setAutoCommit(false);
    boolean allowed = true;
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL session_replication_role = replica");
    } catch (SQLException e) {
      allowed = false;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    findings.info(
        "target.replica-role",
        target.details().user(),
        allowed
            ? "Changes are applied in replica role: foreign keys can be there from the start."
            : "The role may not set session_replication_role. Changes are applied without foreign"
                + " keys and triggers; these are made in the pause of the cutover, and the foreign"
                + " keys are validated after it.",
        allowed
            ? "Nothing has to be done."
            : "To have foreign keys from the start, on PostgreSQL 15 or later: GRANT SET ON"
                + " PARAMETER session_replication_role TO "
                + target.quotedUser()
                + ".");
  }
}
