/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;

/**
 * Asks a replica how far it has replayed, by the <a
 * href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL">
 * functions of PostgreSQL</a> that every login may call.
 */
final class MeasuredLag {
  private static final int LIMIT_SECONDS = 20;

  private static final String QUESTION =
      """
      SELECT pg_catalog.pg_is_in_recovery(),
        pg_catalog.clock_timestamp(),
        pg_catalog.pg_last_xact_replay_timestamp(),
        pg_catalog.pg_last_wal_replay_lsn() OPERATOR(pg_catalog.=)
          COALESCE(
            pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())
      """;

  private MeasuredLag() {}

  static ReplicaLag of(Instance replica, AdminLogin login) {
    try (Connection connection = replica.connection(login).connect();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(LIMIT_SECONDS);
      try (ResultSet answer = statement.executeQuery(QUESTION)) {
        answer.next();
        if (!answer.getBoolean(1)) {
          throw ErrorDetails.of(
                  ErrorCategory.CONDITION_FAILED,
                  replica.name() + " takes writes itself: it is no replica, or not any more")
              .resource(replica.id().toString())
              .toException();
        }
        Timestamp replayed = answer.getTimestamp(3);
        return new ReplicaLag(
            answer.getTimestamp(2).toInstant(),
            replayed == null ? null : replayed.toInstant(),
            answer.getBoolean(4));
      }
    } catch (SQLException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE,
              "The replica " + replica.name() + " cannot be asked how far it is: " + e.getMessage())
          .resource(replica.id().toString())
          .providerCode(e.getSQLState())
          .nextStep("Look whether it can be reached from here, and whether the login is right.")
          .toException(e);
    }
  }
}
