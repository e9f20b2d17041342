/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.PlainTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * The route in a row of a PostgreSQL table; compare-and-set is one statement with the epoch. The
 * sessions are the caller's and have whatever search path: all names are qualified.
 */
final class JdbcRouteStore implements RouteStore {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_SCHEMA = "3F000";

  /** The lock under which one session creates the tables: "clouddb" in ASCII, then 0. */
  private static final long CREATION_LOCK = 0x636C_6F75_6464_6200L;

  private static final String ROUTE = "LOCK TABLE clouddb_route.route";
  private static final String MEMBER = "LOCK TABLE clouddb_route.member";

  /** Keeps rules and row security out; no trigger runs at a read. */
  private static final String READING = " IN ACCESS SHARE MODE";

  /** Keeps triggers out as well. */
  private static final String WRITING = " IN ROW EXCLUSIVE MODE";

  private final DataSource dataSource;
  private final String id;
  private volatile boolean tablesSeen;

  /** They were there, plain, and of an owner who may be trusted not to add anything later. */
  private volatile boolean plain;

  JdbcRouteStore(DataSource dataSource, String id) {
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    this.id = Objects.requireNonNull(id, "id");
  }

  /** What is done with a connection. */
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  @Override
  public Route read() {
    return run(
        "read",
        Route.initial(id),
        ROUTE + READING,
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT epoch, state, side, updated_at, pause_lease_millis, delay_millis,"
                      + " delay_lease_millis FROM clouddb_route.route"
                      + " WHERE id OPERATOR(pg_catalog.=) ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
              if (!row.next()) {
                return Route.initial(id);
              }
              return RouteRow.route(id, row);
            }
          }
        });
  }

  @Override
  public boolean compareAndSet(Route expected, Route next) {
    if (next.epoch() != expected.epoch() + 1) {
      throw new IllegalArgumentException("The next epoch is one higher");
    }
    createTables();
    return run(
        "written",
        false,
        ROUTE + WRITING,
        connection -> {
          String sql =
              expected.epoch() == 0
                  ? "INSERT INTO clouddb_route.route"
                      + " (epoch, state, side, updated_at, pause_lease_millis, delay_millis,"
                      + " delay_lease_millis, id)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
                  : "UPDATE clouddb_route.route SET epoch = ?, state = ?, side = ?,"
                      + " updated_at = ?, pause_lease_millis = ?, delay_millis = ?,"
                      + " delay_lease_millis = ? WHERE id OPERATOR(pg_catalog.=) ?"
                      + " AND epoch OPERATOR(pg_catalog.=) ?";
          try (PreparedStatement change = connection.prepareStatement(sql)) {
            change.setLong(1, next.epoch());
            change.setString(2, next.state().name());
            change.setString(3, next.side().name());
            change.setObject(4, utc(next.updatedAt()));
            change.setLong(5, next.pauseLease().toMillis());
            change.setLong(6, next.delay().toMillis());
            change.setLong(7, next.delayLease().toMillis());
            change.setString(8, id);
            if (expected.epoch() > 0) {
              change.setLong(9, expected.epoch());
            }
            return durably(connection, change) == 1;
          }
        });
  }

  /**
   * A side that was opened stays open when the server fails: the commit waits for the disk whatever
   * the role's own setting is. One that waits for a standby too keeps doing so.
   */
  private static int durably(Connection connection, PreparedStatement change) throws SQLException {
    // The next one to have this connection sets what it wants, as run() does.
    connection.setAutoCommit(false);
    try (Statement setting = connection.createStatement()) {
      setting.execute(
          "SELECT pg_catalog.set_config('synchronous_commit', 'on', true)"
              + " WHERE pg_catalog.current_setting('synchronous_commit')"
              + " OPERATOR(pg_catalog.<>) 'remote_apply'");
      int changed = change.executeUpdate();
      connection.commit();
      return changed;
    } catch (SQLException e) {
      try {
        connection.rollback();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  @Override
  public void beat(RouteMember member) {
    createTables();
    run(
        "written",
        0,
        MEMBER + WRITING,
        connection -> {
          try (PreparedStatement upsert =
              connection.prepareStatement(
                  "INSERT INTO clouddb_route.member"
                      + " (route, id, description, beat, epoch, borrowed, lease_millis)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (route, id) DO UPDATE SET"
                      + " beat = excluded.beat, epoch = excluded.epoch,"
                      + " borrowed = excluded.borrowed")) {
            upsert.setString(1, id);
            upsert.setString(2, member.id());
            upsert.setString(3, member.description());
            upsert.setLong(4, member.beat());
            upsert.setLong(5, member.epoch());
            upsert.setInt(6, member.borrowed());
            upsert.setLong(7, member.lease().toMillis());
            return upsert.executeUpdate();
          }
        });
  }

  @Override
  public List<RouteMember> members() {
    return run(
        "read",
        List.of(),
        MEMBER + READING,
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT id, description, beat, epoch, borrowed, lease_millis"
                      + " FROM clouddb_route.member WHERE route OPERATOR(pg_catalog.=) ?")) {
            select.setString(1, id);
            List<RouteMember> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(RouteRow.member(id, row));
              }
            }
            return List.copyOf(found);
          }
        });
  }

  @Override
  public void leave(String memberId) {
    run(
        "written",
        0,
        MEMBER + WRITING,
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM clouddb_route.member WHERE route OPERATOR(pg_catalog.=) ?"
                      + " AND id OPERATOR(pg_catalog.=) ?")) {
            delete.setString(1, id);
            delete.setString(2, memberId);
            return delete.executeUpdate();
          }
        });
  }

  @Override
  public Duration pollInterval() {
    return POLL;
  }

  @Override
  public void close() {
    // The data source is the caller's.
  }

  private void createTables() {
    if (tablesSeen) {
      return;
    }
    run(
        "created",
        false,
        "",
        connection -> {
          try (Statement ddl = connection.createStatement()) {
            if (!exists(ddl)) {
              connection.setAutoCommit(false);
              create(ddl);
              connection.commit();
            }
          }
          return true;
        });
    tablesSeen = true;
  }

  /** Looked up first, so that a role which may not create anything can use existing tables. */
  private static boolean exists(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT pg_catalog.to_regclass('clouddb_route.member') IS NOT NULL")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /**
   * One session at a time: IF NOT EXISTS does not keep two from creating the same thing at once,
   * and the second of them fails in one of several ways. The lock ends with the transaction. A
   * session that was used before remembers, from before it waited, that there is no such schema; it
   * hears of what others did when it reads a table that it had not locked.
   */
  private static void create(Statement ddl) throws SQLException {
    for (String sql :
        List.of(
            "SELECT pg_catalog.pg_advisory_xact_lock(" + CREATION_LOCK + ")",
            "SELECT FROM pg_catalog.pg_namespace LIMIT 1",
            "CREATE SCHEMA IF NOT EXISTS clouddb_route",
            "CREATE TABLE IF NOT EXISTS clouddb_route.route (id pg_catalog.text PRIMARY KEY,"
                + " epoch bigint NOT NULL, state pg_catalog.text NOT NULL,"
                + " side pg_catalog.text NOT NULL,"
                + " updated_at pg_catalog.timestamptz NOT NULL, pause_lease_millis bigint NOT NULL,"
                + " delay_millis bigint NOT NULL, delay_lease_millis bigint NOT NULL)",
            "CREATE TABLE IF NOT EXISTS clouddb_route.member (route pg_catalog.text NOT NULL,"
                + " id pg_catalog.text NOT NULL, description pg_catalog.text NOT NULL,"
                + " beat bigint NOT NULL,"
                + " epoch bigint NOT NULL, borrowed int NOT NULL, lease_millis bigint NOT NULL,"
                + " PRIMARY KEY (route, id))")) {
      ddl.execute(sql);
    }
  }

  private <T> T run(String verb, T withoutTables, String lock, Work<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      if (plain) {
        return work.on(connection);
      }
      boolean seen = tablesSeen;
      // First the owners: what a stranger adds before he gives a table away is seen afterwards.
      boolean trusted = PlainTables.areOfTrusted(connection, "clouddb_route", 2);
      PlainTables.require(connection, "clouddb_route");
      if (!trusted && !lock.isEmpty()) {
        return locked(connection, lock, work);
      }
      T result = work.on(connection);
      plain = seen && trusted;
      return result;
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (state.equals(UNDEFINED_TABLE) || state.equals(UNDEFINED_SCHEMA)) {
        return withoutTables;
      }
      throw unavailable(verb, e);
    }
  }

  /**
   * Looks and acts in one transaction, behind a lock that keeps the owner from adding a trigger, a
   * rule or row security in between. The lock comes first: it takes no snapshot, so that the look
   * sees what there is now under each isolation level.
   */
  private static <T> T locked(Connection connection, String lock, Work<T> work)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(lock);
      PlainTables.require(connection, "clouddb_route");
      T result = work.on(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        connection.rollback();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private CloudDbException unavailable(String verb, SQLException cause) {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The route " + id + " cannot be " + verb + " in its database: " + cause.getMessage())
        .resource("clouddb_route.route " + id)
        .providerCode(cause.getSQLState())
        .nextStep("Check that the database of the route answers, and that its role may use it.")
        .toException(cause);
  }
}
