/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which database of which server this is. What cannot be found out is empty, and says nothing.
 *
 * @param system the system identifier, made at initdb; kept by failovers and restores
 * @param database the database's oid: another one, and it was dropped and made anew
 * @param timeline counts up at every failover and restore
 */
record DatabaseIdentity(String system, String database, String timeline) {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseIdentity.class);

  /**
   * Asks a server.
   *
   * @param connection an open one of these details
   */
  static DatabaseIdentity read(ConnectionDetails details, Connection connection)
      throws SQLException {
    String database;
    String timeline;
    String system = "";
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery(
              "SELECT (SELECT oid::text FROM pg_catalog.pg_database"
                  + " WHERE datname = pg_catalog.current_database()),"
                  + " CASE WHEN pg_catalog.pg_is_in_recovery() THEN ''"
                  + " ELSE pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END")) {
        row.next();
        database = row.getString(1);
        timeline = row.getString(2);
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT system_identifier::text FROM pg_catalog.pg_control_system()")) {
        row.next();
        system = row.getString(1);
      } catch (SQLException e) {
        LOG.debug("{} does not say its system identifier", details.host(), e);
      }
    }
    return new DatabaseIdentity(
        system.isEmpty() ? replicating(details) : system, database, timeline);
  }

  /** A server may keep the function from its users; a role that may replicate can still ask. */
  private static String replicating(ConnectionDetails details) {
    try {
      return SourceIdentity.read(details).systemIdentifier();
    } catch (CloudDbException e) {
      LOG.debug("{} does not identify itself", details.host(), e);
      return "";
    }
  }

  /** For the journal. */
  Map<String, String> entries(String side) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(side + " system", system);
    entries.put(side + " database", database);
    entries.put(side + " timeline", timeline);
    return entries;
  }

  /** What the journal says. */
  static DatabaseIdentity of(String side, Map<String, String> entries) {
    return new DatabaseIdentity(
        entries.getOrDefault(side + " system", ""),
        entries.getOrDefault(side + " database", ""),
        entries.getOrDefault(side + " timeline", ""));
  }

  /** How another one tells that it is not this; empty when it is. */
  Optional<String> difference(DatabaseIdentity now) {
    if (differ(system, now.system)) {
      return Optional.of("its system identifier is " + now.system + " instead of " + system);
    }
    if (differ(database, now.database)) {
      return Optional.of(
          "the database was dropped and made anew: its oid is "
              + now.database
              + " instead of "
              + database);
    }
    return Optional.empty();
  }

  /** Whether the same database failed over or was restored; empty when it did not. */
  Optional<String> failover(DatabaseIdentity now) {
    return differ(timeline, now.timeline)
        ? Optional.of(
            "failed over or was restored: timeline "
                + Long.parseLong(now.timeline, 16)
                + " instead of "
                + Long.parseLong(timeline, 16))
        : Optional.empty();
  }

  private static boolean differ(String one, String other) {
    return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
  }
}
