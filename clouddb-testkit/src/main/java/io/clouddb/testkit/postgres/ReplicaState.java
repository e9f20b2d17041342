/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a replica is in the log of its primary, and whether it goes on there. */
final class ReplicaState {
  static final String NO_REPLICA = "This server is no replica";

  private static final String NO_SUCH_FILE = "58P01";
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int PAGE = 8192;
  private static final int HEADER_OF_PAGE = 24;
  private static final int HEADER_OF_SEGMENT = 40;

  private static final String HERE =
      "SELECT pg_catalog.pg_is_in_recovery(),"
          + " pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), '0/0')::bigint,"
          + " pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0')::bigint,"
          + " pg_catalog.to_char(pg_catalog.timezone('UTC',"
          + " pg_catalog.pg_last_xact_replay_timestamp()), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
          + " pg_catalog.pg_get_wal_replay_pause_state(),"
          + " (SELECT status FROM pg_catalog.pg_stat_get_wal_receiver())";

  private static final String WRITTEN =
      "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN greatest("
          + "pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), '0/0'),"
          + " pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0'))"
          + " ELSE pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')"
          + " END::bigint";

  /** What was committed, also by who does not wait until that is on the disk. */
  private static final String INSERTED =
      "SELECT CASE WHEN pg_catalog.pg_is_in_recovery()"
          + " THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0')"
          + " ELSE pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')"
          + " END::bigint, pg_catalog.pg_size_bytes("
          + "pg_catalog.current_setting('wal_segment_size'))";

  private ReplicaState() {}

  static void requireReplica(SuperuserSession session) throws SQLException {
    if (!session.is("SELECT pg_catalog.pg_is_in_recovery()")) {
      throw new IllegalStateException(NO_REPLICA);
    }
  }

  /**
   * The tablespaces of a server, but for its own two: number, name and place of each. The link to
   * one is gone for a moment while a replica replays that it was made.
   */
  static List<List<@Nullable String>> tablespaces(SuperuserSession session)
      throws SQLException, IOException {
    long deadline = System.nanoTime() + Replication.PATIENCE.toNanos();
    while (true) {
      try {
        return session.rows(
            "SELECT oid, spcname, pg_catalog.pg_tablespace_location(oid)"
                + " FROM pg_catalog.pg_tablespace"
                + " WHERE spcname OPERATOR(pg_catalog.!~) '^pg_'");
      } catch (SQLException e) {
        if (!NO_SUCH_FILE.equals(e.getSQLState()) || System.nanoTime() > deadline) {
          throw e;
        }
        Pause.of(POLL);
      }
    }
  }

  /**
   * A tablespace that is made on a primary is made at the same path by its replicas, which are on
   * the same machine.
   */
  static void requireOwnTablespaces(SuperuserSession session, ServerLifecycle server)
      throws SQLException, IOException {
    Path own = server.directory().root().resolve(InstanceDirectory.TABLESPACES);
    for (List<@Nullable String> row : tablespaces(session)) {
      String place = Objects.requireNonNullElse(row.get(2), "");
      if (!place.startsWith("pg_tblspc/") && !Path.of(place).startsWith(own)) {
        throw ErrorDetails.of(
                ErrorCategory.UNSUPPORTED_FEATURE,
                "The tablespace "
                    + row.get(1)
                    + " was made while there was a replica: both write to "
                    + place
                    + ", and each may have damaged what the other has in it")
            .nextStep(
                "Close the replica and drop the tablespace. One that is there before a replica is"
                    + " made gets a place of its own; so does one that is made later with"
                    + " allow_in_place_tablespaces and LOCATION ''.")
            .toException();
      }
    }
  }

  /** How far a replica has come, and its source if that can be asked. */
  static ReplicationLag lag(SuperuserSession session, ServerLifecycle server)
      throws SQLException, IOException {
    requireReplica(session);
    requireOwnTablespaces(session, server);
    // Asked first: a replica that comes after it is not behind it.
    return here(session, written(server.replication().source()));
  }

  private static ReplicationLag here(SuperuserSession session, @Nullable Long written)
      throws SQLException {
    List<@Nullable String> here = session.row(HERE);
    if (!"t".equals(here.get(0))) {
      // It was promoted meanwhile.
      throw new IllegalStateException(NO_REPLICA);
    }
    long replayed = number(here.get(2));
    String time = here.get(3);
    return new ReplicationLag(
        Math.max(number(here.get(1)), replayed),
        replayed,
        written,
        time == null ? null : Instant.parse(time),
        "streaming".equals(here.get(5)),
        !"not paused".equals(here.get(4)));
  }

  private static long number(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  private static @Nullable Long written(@Nullable ServerLifecycle source) {
    if (source == null || !source.isRunning()) {
      return null;
    }
    try (SuperuserSession session = source.session(Replication.PATIENCE)) {
      return number(session.value(WRITTEN));
    } catch (SQLException e) {
      // It is ending, or starting: that it does not answer is what is told.
      return null;
    }
  }

  /** Waits until a replica shows all that its source shows now, or all that it has received. */
  static void catchUp(ServerLifecycle server, Duration limit) throws SQLException, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    ServerLifecycle source = server.replication().source();
    try (SuperuserSession session = server.session(limit.plus(Replication.PATIENCE))) {
      requireReplica(session);
      requireOwnTablespaces(session, server);
      ReplicationLag lag = here(session, null);
      long target =
          source == null || !source.isRunning() ? lag.received() : inserted(source, limit);
      while (lag.replayed() < target) {
        if (System.nanoTime() > deadline) {
          throw ErrorDetails.of(
                  ErrorCategory.DEADLINE,
                  server
                      + " has not replayed "
                      + target
                      + " within "
                      + limit
                      + ": "
                      + lag
                      + ". Its log ends with: "
                      + ServerProcess.tail(server.directory().log(), 0))
              .nextStep(
                  lag.isReplayPaused()
                      ? "Call resumeReplay(), and wait again."
                      : "Wait again, or make a new replica if the log says that what it needs is"
                          + " gone.")
              .toException();
        }
        Pause.of(POLL);
        lag = here(session, null);
      }
    }
  }

  private static long inserted(ServerLifecycle source, Duration limit) throws SQLException {
    try (SuperuserSession session = source.session(limit.plus(Replication.PATIENCE))) {
      List<@Nullable String> row = session.row(INSERTED);
      return end(number(row.get(0)), number(row.get(1)));
    }
  }

  /** The end of the last record: at the edge of a page the server names where the next begins. */
  static long end(long inserted, long segment) {
    if (inserted % segment == HEADER_OF_SEGMENT) {
      return inserted - HEADER_OF_SEGMENT;
    }
    return inserted % PAGE == HEADER_OF_PAGE ? inserted - HEADER_OF_PAGE : inserted;
  }

  /** Waits until replay has stopped. */
  static void awaitPaused(SuperuserSession session, Duration limit)
      throws SQLException, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!"paused".equals(session.value("SELECT pg_catalog.pg_get_wal_replay_pause_state()"))) {
      if (System.nanoTime() > deadline) {
        throw new IOException("it was told to, and has not within " + limit);
      }
      Pause.of(POLL);
    }
  }

  /** Waits until a replica receives what a server writes. */
  static void awaitFollowing(
      ServerLifecycle server, ServerLifecycle source, String slot, Timeline way)
      throws SQLException, IOException {
    Duration limit = server.startTimeout();
    long deadline = System.nanoTime() + limit.toNanos();
    try (SuperuserSession session = server.session(limit.plus(Replication.PATIENCE))) {
      while (!session.is(
          "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_get_wal_receiver() AS r"
              + " WHERE r.status OPERATOR(pg_catalog.=) 'streaming'"
              + " AND r.received_tli OPERATOR(pg_catalog.>=) ?::integer"
              + " AND r.slot_name OPERATOR(pg_catalog.=) ?)",
          Integer.toString(way.number()),
          slot)) {
        if (System.nanoTime() > deadline) {
          throw ErrorDetails.of(
                  ErrorCategory.DEADLINE,
                  server
                      + " does not follow "
                      + source
                      + " within "
                      + limit
                      + ". Its log ends with: "
                      + ServerProcess.tail(server.directory().log(), 0))
              .nextStep(
                  "It follows whom it did before. Where the other server no longer has what this"
                      + " one needs, make a new replica.")
              .toException();
        }
        Pause.of(POLL);
      }
    }
  }
}
