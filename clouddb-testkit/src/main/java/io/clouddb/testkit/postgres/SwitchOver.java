/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A replica and its primary take each other's part, and nothing that was committed is lost: a
 * server that is stopped in order first sends all that it has to who is connected. Whether it did
 * is looked at afterwards, by the ways that their logs went.
 */
final class SwitchOver {
  private final ServerLifecycle replica;
  private final ServerLifecycle former;
  private final Duration limit;
  private final String slot = ReplicationSlot.newName();
  private final Replication.Link link;

  private SwitchOver(ServerLifecycle replica, Replication.Link link, Duration limit) {
    this.replica = replica;
    this.former = link.source();
    this.link = link;
    this.limit = limit;
  }

  static void run(ServerLifecycle replica, Duration limit) {
    replica.requireOpen();
    Replication.Link link = replica.replication().link();
    if (link == null) {
      throw new IllegalStateException("This server follows nobody");
    }
    if (link.source().replication().isStandby()) {
      throw new IllegalStateException("The server that this one follows is a replica itself");
    }
    if (!link.source().isRunning()) {
      throw new IllegalStateException("The primary does not run: promote the replica");
    }
    new SwitchOver(replica, link, limit).run();
  }

  private void run() {
    List<ServerLifecycle> others =
        former.replication().replicas().stream().filter(other -> other != replica).toList();
    new Replica(replica).catchUp(limit);
    try {
      awaitConnection();
      // A replica whose primary has ended does not always know which way it has come.
      others.forEach(other -> new Replica(other).follow(replica));
      keepLogForFormer();
      former.stop();
      new Replica(replica).promote(limit);
    } catch (SQLException | IOException | RuntimeException e) {
      RuntimeException failure =
          e instanceof RuntimeException known ? known : replica.failed("made the primary", e);
      takeBack(others, failure);
      throw failure;
    }
    demote();
  }

  /** A primary that stops waits for those only who are connected. */
  private void awaitConnection() throws SQLException, IOException {
    Timeline way;
    try (SuperuserSession there = former.session(Replication.PATIENCE)) {
      way = Timeline.of(there);
    }
    ReplicaState.awaitFollowing(replica, former, link.slot(), way);
  }

  /** Before there is a way that the former primary has to be shown. */
  private void keepLogForFormer() throws SQLException {
    replica.replication().expect(slot);
    try (SuperuserSession session = replica.session(Replication.PATIENCE)) {
      ReplicationSlot.create(session, slot);
    }
  }

  private void takeBack(List<ServerLifecycle> others, RuntimeException failure) {
    try {
      if (replica.replication().isStandby()) {
        former.start();
        others.forEach(other -> new Replica(other).follow(former));
        Replication.drop(replica, slot);
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void demote() {
    try {
      ReplicationRole role =
          ReplicationRole.of(former.directory())
              .orElseThrow(() -> new IOException("it has no role for replicas"));
      former.replication().becomeStandby();
      former.replication().link(new Replication.Link(replica, slot, link.keptLog()), role);
      former.start(ReplicaCreation.hope(replica));
      Timeline way;
      try (SuperuserSession here = former.session(Replication.PATIENCE);
          SuperuserSession there = replica.session(Replication.PATIENCE)) {
        way = Timeline.of(there);
        Timeline.of(here).requireOnTheWayOf(way, there);
      }
      ReplicaState.awaitFollowing(former, replica, slot, way);
    } catch (SQLException | IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.OTHER,
              replica
                  + " is the primary, and the former one at port "
                  + former.port()
                  + " does not follow it: "
                  + e.getMessage())
          .nextStep("Close the former one, and make a new replica.")
          .toException(e);
    }
  }
}
