/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A row that says whose a journal is, and until when by the database's clock. It is lost when
 * another has taken the row, which it may do when the time is over; a lease whose time is over and
 * that nobody took is renewed.
 */
final class JournalLease {
  private static final Logger LOG = LoggerFactory.getLogger(JournalLease.class);

  /**
   * Who this process is.
   *
   * @param known by what the lease was last seen to be held
   * @param next by what it is perhaps held already: it was asked for, and no answer came
   */
  private record Owner(UUID known, UUID next) {
    Owner(UUID known) {
      this(known, known);
    }
  }

  private final DataSource dataSource;
  private final String migration;
  private final Duration length;
  private volatile Owner owner;
  private volatile boolean lost;

  JournalLease(DataSource dataSource, String migration, UUID owner, Duration length) {
    this.dataSource = dataSource;
    this.migration = migration;
    this.owner = new Owner(owner);
    this.length = length;
  }

  String migration() {
    return migration;
  }

  UUID owner() {
    return owner.known;
  }

  Duration length() {
    return length;
  }

  /** Takes the lease when nobody has it, or its time is over. */
  boolean take(Connection connection, String holder) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO clouddb_state.lease AS held (migration, owner, holder, expires_at)"
                + " VALUES (?, ?, ?, pg_catalog.clock_timestamp()"
                + " OPERATOR(pg_catalog.+) (? OPERATOR(pg_catalog.*) interval '1 millisecond'))"
                + " ON CONFLICT (migration) DO UPDATE SET owner = excluded.owner,"
                + " holder = excluded.holder, expires_at = excluded.expires_at"
                + " WHERE held.expires_at OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()")) {
      upsert.setString(1, migration);
      upsert.setObject(2, owner.known);
      upsert.setString(3, holder);
      upsert.setLong(4, length.toMillis());
      return upsert.executeUpdate() == 1;
    }
  }

  /**
   * Gives it another owner, who is this process too: what was sent in the name of the one before
   * and is still under way writes nothing any more.
   */
  synchronized void rename(Connection connection) throws SQLException {
    Owner asked = owner;
    if (asked.next.equals(asked.known)) {
      asked = new Owner(asked.known, UUID.randomUUID());
      owner = asked;
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE clouddb_state.lease SET owner = ?,"
                + " expires_at = pg_catalog.clock_timestamp()"
                + " OPERATOR(pg_catalog.+) (? OPERATOR(pg_catalog.*) interval '1 millisecond')"
                + " WHERE migration OPERATOR(pg_catalog.=) ?"
                + " AND (owner OPERATOR(pg_catalog.=) ? OR owner OPERATOR(pg_catalog.=) ?)")) {
      update.setObject(1, asked.next);
      update.setLong(2, length.toMillis());
      update.setString(3, migration);
      update.setObject(4, asked.known);
      update.setObject(5, asked.next);
      if (update.executeUpdate() != 1) {
        throw lost();
      }
    }
    owner = new Owner(asked.next);
  }

  /** Makes it last its whole length from now on; called by the heartbeat. */
  void renew() {
    if (lost) {
      return;
    }
    Owner now = owner;
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE clouddb_state.lease"
                    + " SET expires_at = pg_catalog.clock_timestamp()"
                    + " OPERATOR(pg_catalog.+) (? OPERATOR(pg_catalog.*) interval '1 millisecond')"
                    + " WHERE migration OPERATOR(pg_catalog.=) ?"
                    + " AND (owner OPERATOR(pg_catalog.=) ? OR owner OPERATOR(pg_catalog.=) ?)")) {
      connection.setAutoCommit(true);
      update.setLong(1, length.toMillis());
      update.setString(2, migration);
      update.setObject(3, now.known);
      update.setObject(4, now.next);
      // Unless it was renamed meanwhile: then the next beat renews it.
      if (update.executeUpdate() != 1 && now.equals(owner)) {
        lost = true;
        LOG.error("Migration {}: its journal was taken over by another run", migration);
      }
    } catch (SQLException e) {
      // The next beat may succeed; until the lease is over nobody else can take it.
      LOG.warn("Migration {}: its lease could not be renewed: {}", migration, e.getMessage());
    }
  }

  /** Throws when a renewal or an append found that another has it. */
  void requireHeld() {
    if (lost) {
      throw lost();
    }
  }

  /** What to throw when another has it. */
  CloudDbException lost() {
    lost = true;
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The lease of the migration "
                + migration
                + " was lost: another run has taken its journal over, while this process was asleep"
                + " or cut off from the journal's database")
        .resource("clouddb_state.lease " + migration)
        .nextStep("Nothing was written here. See the other run; leave this one ended.")
        .toException();
  }

  /** Lets others have it at once. */
  void giveUp() {
    Owner now = owner;
    try (Connection connection = dataSource.getConnection();
        PreparedStatement delete =
            connection.prepareStatement(
                "DELETE FROM clouddb_state.lease WHERE migration OPERATOR(pg_catalog.=) ?"
                    + " AND (owner OPERATOR(pg_catalog.=) ? OR owner OPERATOR(pg_catalog.=) ?)")) {
      connection.setAutoCommit(true);
      delete.setString(1, migration);
      delete.setObject(2, now.known);
      delete.setObject(3, now.next);
      delete.executeUpdate();
    } catch (SQLException e) {
      LOG.warn(
          "Migration {}: its lease could not be given up; it ends by itself in {} s: {}",
          migration,
          length.toSeconds(),
          e.getMessage());
    }
  }
}
