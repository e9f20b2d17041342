/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import io.clouddb.testkit.simulator.arm.ResourceGroups;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server is among those that replicate each other, as Azure shows it.
 *
 * @param role Azure's word. The definitions list {@code GeoAsyncReplica}, too; no recorded answer
 *     has it
 * @param capacity how many replicas it may have
 * @param source the id of the server that it follows; null for one that follows nobody
 */
record ReplicaRole(String role, int capacity, @Nullable String source) {
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

  static ReplicaRole of(SimulatedInstance instance, ResourceGroups groups) {
    return instance
        .source()
        .map(
            source ->
                new ReplicaRole(
                    "AsyncReplica", capacity(instance), ServerDocument.id(groups, source)))
        .orElseGet(() -> new ReplicaRole("Primary", capacity(instance), null));
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
