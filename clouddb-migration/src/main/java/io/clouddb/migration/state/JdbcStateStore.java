/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.PrivateTables;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** Journals in tables of a PostgreSQL database, each leased to one process at a time. */
final class JdbcStateStore implements StateStore {
  static final Duration LEASE = Duration.ofSeconds(30);
  static final int BEATS_IN_A_LEASE = 5;

  /** How often a lease that vanishes while it is looked at is tried for. */
  private static final int TRIES = 10;

  /** The lock under which one session creates the tables: "clouddb" in ASCII, then 1. */
  private static final long CREATION_LOCK = 0x636C_6F75_6464_6201L;

  private static final String SCHEMA = "clouddb_state";

  private final DataSource dataSource;
  private final Duration lease;
  private final Duration beat;
  private final Set<String> trusted;

  /**
   * Makes a store.
   *
   * @param lease how long a process that gives no sign of life keeps a journal
   * @param beat how often a process that has a journal gives one
   * @param trusted roles that may own the tables, or have privileges on them
   */
  JdbcStateStore(DataSource dataSource, Duration lease, Duration beat, Set<String> trusted) {
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    this.lease = lease;
    this.beat = beat;
    this.trusted = Set.copyOf(trusted);
  }

  @Override
  public Journal open(String migrationId) {
    MigrationId.require(migrationId);
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      createTables(connection);
      PrivateTables.require(connection, SCHEMA, trusted);
      JournalLease held = new JournalLease(dataSource, migrationId, UUID.randomUUID(), lease);
      take(connection, held);
      boolean opened = false;
      try {
        // Read under the lease: what its last holder wrote is complete.
        Journal journal = JdbcJournal.open(connection, dataSource, held, beat);
        opened = true;
        return journal;
      } finally {
        if (!opened) {
          held.giveUp();
        }
      }
    } catch (SQLException e) {
      throw unavailable(migrationId, "opened", e);
    }
  }

  private void take(Connection connection, JournalLease wanted) throws SQLException {
    String holder = ManagementFactory.getRuntimeMXBean().getName();
    for (int i = 0; i < TRIES; i++) {
      if (wanted.take(connection, holder)) {
        return;
      }
      requireFree(connection, wanted.migration());
    }
    throw ErrorDetails.of(
            ErrorCategory.BUSY,
            "Runs of the migration " + wanted.migration() + " come and go; this one got no turn")
        .nextStep("See who runs it, and run it once.")
        .toException();
  }

  private static void requireFree(Connection connection, String migration) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT holder, expires_at,"
                + " GREATEST(0, extract(epoch FROM"
                + " expires_at OPERATOR(pg_catalog.-) pg_catalog.clock_timestamp()))::bigint"
                + " FROM clouddb_state.lease WHERE migration OPERATOR(pg_catalog.=) ?")) {
      select.setString(1, migration);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return;
        }
        String holder = row.getString(1);
        throw ErrorDetails.of(
                ErrorCategory.BUSY,
                "Another run of the migration %s is under way: process %s; its lease ends at %s (in %d s), unless it is renewed"
                    .formatted(
                        migration,
                        holder,
                        row.getObject(2, OffsetDateTime.class).toInstant(),
                        row.getLong(3)))
            .resource("clouddb_state.lease " + migration)
            .nextStep(
                "Wait for it, or stop it. If it was killed, run this again when its lease has ended.")
            .toException();
      }
    }
  }

  private void createTables(Connection connection) throws SQLException {
    try (Statement ddl = connection.createStatement()) {
      if (!exists(ddl)) {
        connection.setAutoCommit(false);
        try {
          boolean made = create(ddl);
          // What the role's default privileges give to others is not for these.
          PrivateTables.revokeDefaults(connection, SCHEMA, made, trusted);
          connection.commit();
        } finally {
          connection.rollback();
          connection.setAutoCommit(true);
        }
      }
    }
  }

  /** Looked up first, so that a role which may not create anything can use existing tables. */
  private static boolean exists(Statement statement) throws SQLException {
    return isThere(statement, "pg_catalog.to_regclass('clouddb_state.journal')");
  }

  private static boolean isThere(Statement statement, String what) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT " + what + " IS NOT NULL")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /**
   * One session at a time: IF NOT EXISTS does not keep two from creating the same thing at once.
   * The lock ends with the transaction. The schema is looked for in the table of them: a session
   * that was used before remembers, from before it waited, that there is none, and hears of what
   * others did when it reads a table that it had not locked. Returns whether the schema is new.
   */
  private static boolean create(Statement ddl) throws SQLException {
    ddl.execute("SELECT pg_catalog.pg_advisory_xact_lock(" + CREATION_LOCK + ")");
    boolean made =
        !isThere(
            ddl,
            "(SELECT oid FROM pg_catalog.pg_namespace"
                + " WHERE nspname OPERATOR(pg_catalog.=) 'clouddb_state')");
    for (String sql :
        List.of(
            "CREATE SCHEMA IF NOT EXISTS clouddb_state",
            "CREATE TABLE IF NOT EXISTS clouddb_state.lease (migration pg_catalog.text PRIMARY KEY,"
                + " owner pg_catalog.uuid NOT NULL, holder pg_catalog.text NOT NULL,"
                + " expires_at pg_catalog.timestamptz NOT NULL)",
            "CREATE TABLE IF NOT EXISTS clouddb_state.journal (migration pg_catalog.text NOT NULL,"
                + " sequence bigint NOT NULL, at pg_catalog.timestamptz NOT NULL,"
                + " owner pg_catalog.uuid NOT NULL,"
                + " kind pg_catalog.text NOT NULL, data pg_catalog.text NOT NULL,"
                + " PRIMARY KEY (migration, sequence))")) {
      ddl.execute(sql);
    }
    return made;
  }

  static CloudDbException unavailable(String migration, String verb, SQLException cause) {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The journal of the migration %s cannot be %s in its database: %s"
                .formatted(migration, verb, cause.getMessage()))
        .resource("clouddb_state.journal " + migration)
        .providerCode(cause.getSQLState())
        .nextStep("Check that the journal's database answers, and that its role may use it.")
        .toException(cause);
  }
}
