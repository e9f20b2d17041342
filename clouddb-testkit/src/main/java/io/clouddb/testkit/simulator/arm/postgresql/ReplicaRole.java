/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import io.clouddb.testkit.simulator.arm.ResourceGroups;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server is among those that replicate each other, as Azure shows it.
 *
 * @param role Azure's word
 * @param capacity how many replicas it may have
 * @param source the id of the server that it follows; null for one that follows nobody
 * @param backedUpSince from when on it could be restored; null without backups
 */
record ReplicaRole(
    String role, int capacity, @Nullable String source, @Nullable Instant backedUpSince) {
  /** Of one server, as documented; in recordings "replicaCapacity" says it. */
  private static final int MOST_REPLICAS = 5;

  /**
   * The regions in which a replica may have replicas itself, in preview, on two levels.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Create
   *     cascading read replicas</a>
   */
  private static final Set<String> CASCADING =
      Set.of(
          "westus",
          "spaincentral",
          "australiaeast",
          "southcentralus",
          "ukwest",
          "polandcentral",
          "italynorth",
          "westus2",
          "eastus2",
          "eastasia",
          "canadacentral");

  private static final int LEAST_VERSION_OF_CASCADES = 14;

  static ReplicaRole of(
      SimulatedInstance instance, ResourceGroups groups, AutomatedBackups backups) {
    Optional<SimulatedInstance> source = instance.source();
    if (source.isPresent()) {
      return new ReplicaRole(
          role(instance, source.get()),
          capacity(instance),
          ServerDocument.id(groups, source.get()),
          null);
    }
    return new ReplicaRole(
        "Primary", capacity(instance), null, backups.earliest(instance).orElse(null));
  }

  /** As the definition of 2025-08-01 has it; no recording tells of another region. */
  static String role(SimulatedInstance replica, SimulatedInstance source) {
    String region = ServerDocument.settings(replica).region();
    return region.equals(ServerDocument.settings(source).region())
        ? "AsyncReplica"
        : "GeoAsyncReplica";
  }

  /** How many replicas a server may have. */
  static int capacity(SimulatedInstance instance) {
    boolean primary = instance.source().isEmpty();
    boolean ofPrimary = instance.source().map(source -> source.source().isEmpty()).orElse(false);
    boolean mayCascade =
        ofPrimary
            && instance.version() >= LEAST_VERSION_OF_CASCADES
            && CASCADING.contains(ServerDocument.settings(instance).region());
    return primary || mayCascade ? MOST_REPLICAS : 0;
  }
}
