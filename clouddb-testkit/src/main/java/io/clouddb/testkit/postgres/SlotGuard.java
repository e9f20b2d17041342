/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what a primary keeps for a replica that is down. The server's own bound, {@code
 * max_slot_wal_keep_size}, would hold for the slots of others too, and be seen by all.
 */
final class SlotGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final long SECONDS = 5;

  private final ServerLifecycle replica;
  private final ScheduledExecutorService clock;
  private final Future<?> checks;

  SlotGuard(ServerLifecycle replica) {
    this.replica = replica;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "clouddb-replica-slot");
              thread.setDaemon(true);
              return thread;
            });
    this.checks = clock.scheduleWithFixedDelay(this::check, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  /** Drops the slot of a replica that is down when it keeps too much; asks nobody while it runs. */
  void check() {
    Replication.Link link = replica.replication().link();
    if (link == null || !link.source().isRunning()) {
      return;
    }
    boolean follows = replica.replication().isStandby();
    if (follows && replica.isRunning()) {
      return;
    }
    try (SuperuserSession session = link.source().session(Replication.PATIENCE)) {
      OptionalLong kept = ReplicationSlot.kept(session, link.slot());
      if (kept.isPresent() && !follows) {
        // Somebody has promoted it by SQL.
        ReplicationSlot.drop(session, link.slot());
      } else if (kept.isPresent() && kept.getAsLong() > link.keptLog()) {
        ReplicationSlot.drop(session, link.slot());
        LOG.warn(
            "{} was down while {} wrote more than {} bytes of its log, which it keeps no longer:"
                + " the replica serves what it has and can be promoted, but follows no more",
            replica,
            link.source(),
            link.keptLog());
      }
    } catch (SQLException | IOException e) {
      LOG.debug("{} does not say what it keeps; asked again", link.source(), e);
    }
  }

  @Override
  public void close() {
    checks.cancel(false);
    clock.shutdown();
  }
}
