/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which server this is, by {@code IDENTIFY_SYSTEM}. Positions in the log mean something only on the
 * server, and the timeline, where they were read.
 *
 * @param systemIdentifier made once, at initdb
 * @param timeline counts up at every failover and restore
 */
public record SourceIdentity(String systemIdentifier, int timeline) {
  /**
   * Asks a server.
   *
   * @param details the server
   * @return its identity
   * @throws io.clouddb.error.CloudDbException when it cannot be asked
   */
  public static SourceIdentity read(ConnectionDetails details) {
    try (Connection connection = PinnedSession.openReplication(details, "identify")) {
      return read(connection);
    } catch (SQLException e) {
      throw SqlFailure.of("identifying the source", e);
    }
  }

  static SourceIdentity read(Connection replication) throws SQLException {
    try (Statement statement = replication.createStatement();
        ResultSet rows = statement.executeQuery("IDENTIFY_SYSTEM")) {
      rows.next();
      return new SourceIdentity(rows.getString("systemid"), rows.getInt("timeline"));
    }
  }

  /**
   * Checks that the server is still the one that was seen first.
   *
   * @param now what it says today
   * @throws io.clouddb.error.CloudDbException when it is another server, or one that failed over
   */
  public void requireSame(SourceIdentity now) {
    if (!systemIdentifier.equals(now.systemIdentifier)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The source is another server than before: system identifier "
                  + now.systemIdentifier
                  + " instead of "
                  + systemIdentifier)
          .nextStep("Check where the source's address leads, or start the migration anew")
          .toException();
    }
    if (timeline != now.timeline) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The source failed over or was restored: timeline "
                  + now.timeline
                  + " instead of "
                  + timeline
                  + "; changes may be missing from its slot")
          .nextStep("Start the migration anew")
          .toException();
    }
  }
}
