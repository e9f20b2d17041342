/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of a server as a replica. */
final class Replica {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private final ServerLifecycle server;

  Replica(ServerLifecycle server) {
    this.server = server;
  }

  boolean isReplica() {
    server.requireOpen();
    if (!server.isRunning()) {
      return server.replication().isStandby();
    }
    try (SuperuserSession session = server.session(Replication.PATIENCE)) {
      return session.is("SELECT pg_catalog.pg_is_in_recovery()");
    } catch (SQLException e) {
      throw server.failed("asked", e);
    }
  }

  ReplicationLag lag() {
    try (SuperuserSession session = server.session(Replication.PATIENCE)) {
      return ReplicaState.lag(session, server);
    } catch (SQLException | IOException e) {
      throw server.failed("asked how far it has come", e);
    }
  }

  void catchUp(Duration limit) {
    try {
      ReplicaState.catchUp(server, limit);
    } catch (SQLException | IOException e) {
      throw server.failed("asked how far it has come", e);
    }
  }

  void pauseReplay() {
    try (SuperuserSession session = server.session(Replication.PATIENCE)) {
      ReplicaState.requireReplica(session);
      session.value("SELECT pg_catalog.pg_wal_replay_pause()");
      ReplicaState.awaitPaused(session, server.startTimeout());
    } catch (SQLException | IOException e) {
      throw server.failed("told to pause", e);
    }
  }

  void resumeReplay() {
    try (SuperuserSession session = server.session(Replication.PATIENCE)) {
      ReplicaState.requireReplica(session);
      session.value("SELECT pg_catalog.pg_wal_replay_resume()");
    } catch (SQLException e) {
      throw server.failed("told to go on", e);
    }
  }

  /** Ends recovery, with all that was received. */
  void promote(Duration limit) {
    // As the starts and stops of the server: one at a time.
    synchronized (server) {
      server.requireOpen();
      try (SuperuserSession session = server.session(limit.plus(Replication.PATIENCE))) {
        ReplicaState.requireReplica(session);
        ReplicaState.requireOwnTablespaces(session, server);
        long seconds = Math.max(1, limit.toSeconds());
        session.value("SELECT pg_catalog.pg_promote(true, ?::integer)", Long.toString(seconds));
        if (session.is("SELECT pg_catalog.pg_is_in_recovery()")) {
          throw ErrorDetails.of(
                  ErrorCategory.DEADLINE,
                  server + " was not out of recovery within " + limit + "; it was told to be")
              .nextStep(
                  "Wait until isReplica() is false, or look into "
                      + server.directory().log()
                      + " for what it is doing.")
              .toException();
        }
      } catch (SQLException | IOException e) {
        throw server.failed("promoted", e);
      }
      server.replication().becomePrimary();
      server.replication().releaseQuietly();
    }
  }

  /** Follows another server, or leaves everything as it was. */
  void follow(ServerLifecycle source) {
    synchronized (server) {
      server.requireOpen();
      requireNoCircle(source);
      String slot = ReplicationSlot.newName();
      source.replication().expect(slot);
      Replication.Link old = server.replication().link();
      Map<String, String> before = server.configuration().followed();
      try {
        follow(source, slot, old == null ? ReplicaBuilder.KEPT_LOG : old.keptLog());
      } catch (SQLException | IOException | RuntimeException e) {
        RuntimeException failure =
            e instanceof RuntimeException known ? known : server.failed("made to follow", e);
        takeBack(source, slot, old, before, failure);
        throw failure;
      }
      if (old != null) {
        leave(old, source);
      }
    }
  }

  private void requireNoCircle(ServerLifecycle source) {
    for (ServerLifecycle at = source; at != null; at = at.replication().source()) {
      if (at == server) {
        throw new IllegalStateException(
            "A replica follows neither itself nor one of those that follow it");
      }
    }
  }

  private void follow(ServerLifecycle source, String slot, long keptLog)
      throws SQLException, IOException {
    Timeline way;
    try (SuperuserSession here = server.session(Replication.PATIENCE);
        SuperuserSession there = source.session(server.startTimeout())) {
      ReplicaState.requireReplica(here);
      // The server's own identifier is that of the template, and the same for all of a version.
      Optional<ReplicationRole> own = ReplicationRole.of(server.directory());
      if (own.isEmpty() || !own.equals(ReplicationRole.of(source.directory()))) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT,
                "A replica follows servers only that are copies of the same data")
            .nextStep("Make a new replica of that server.")
            .toException();
      }
      ReplicaSizes.requireEnough(source, server, here, there);
      way = Timeline.of(there);
      Timeline.of(here).requireOnTheWayOf(way, there);
      ReplicaCreation.requireReplicating(there);
      ReplicationRole role = source.replication().role(there);
      ReplicationSlot.create(there, slot);
      server.replication().link(new Replication.Link(source, slot, keptLog), role);
    }
    server.reload();
    ReplicaState.awaitFollowing(server, source, slot, way);
  }

  private void takeBack(
      ServerLifecycle source,
      String slot,
      Replication.@Nullable Link old,
      Map<String, String> before,
      RuntimeException failure) {
    try {
      if (!Objects.equals(server.replication().link(), old)) {
        server.replication().linkAgain(old, before);
        if (server.isRunning()) {
          server.reload();
        }
      }
      Replication.drop(source, slot);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void leave(Replication.Link old, ServerLifecycle source) {
    if (old.source() != source) {
      server.replication().leave(old.source());
    }
    try {
      Replication.drop(old.source(), old.slot());
    } catch (IOException e) {
      LOG.warn("{} follows {}; its former primary keeps its log for it", server, source, e);
    }
  }
}
