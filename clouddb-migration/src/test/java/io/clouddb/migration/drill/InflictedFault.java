/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A fault from its beginning until what it broke was mended. */
final class InflictedFault {
  private final PlannedFault fault;
  private final @Nullable EmbeddedPostgres server;
  private final @Nullable FaultyLink link;
  private final long until;

  private InflictedFault(
      PlannedFault fault, @Nullable EmbeddedPostgres server, @Nullable FaultyLink link) {
    this.fault = fault;
    this.server = server;
    this.link = link;
    this.until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(fault.holdMillis());
  }

  static InflictedFault begin(PlannedFault fault, DrillServers servers, DrillProcess migrator)
      throws InterruptedException {
    return switch (fault.victim()) {
      case MIGRATOR -> {
        migrator.kill();
        yield new InflictedFault(fault, null, null);
      }
      case SOURCE -> killed(fault, servers.sourceServer);
      case TARGET -> killed(fault, servers.targetServer);
      case SOURCE_LINK -> broken(fault, servers.sourceLink);
      case TARGET_LINK -> broken(fault, servers.targetLink);
    };
  }

  private static InflictedFault killed(PlannedFault fault, EmbeddedPostgres server) {
    server.kill();
    return new InflictedFault(fault, server, null);
  }

  private static InflictedFault broken(PlannedFault fault, FaultyLink link) {
    link.inflict(Objects.requireNonNull(fault.fault()));
    return new InflictedFault(fault, null, link);
  }

  /** Whether it met anything: what is killed always is, a link only when it is used. */
  boolean hasHit() {
    return link == null || link.hits() > 0;
  }

  /** Whether it has lasted its time, and met something. */
  boolean isOver() {
    if (fault.victim() == PlannedFault.Victim.MIGRATOR) {
      return true;
    }
    return hasHit() && System.nanoTime() - until >= 0;
  }

  void mend() {
    if (server != null) {
      server.start();
    }
    if (link != null) {
      link.mend();
    }
  }

  @Override
  public String toString() {
    return fault + (link == null ? "" : " (" + link.hits() + " connections met it)");
  }
}
