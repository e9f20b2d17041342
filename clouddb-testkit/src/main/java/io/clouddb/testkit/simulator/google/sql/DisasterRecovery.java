/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static io.clouddb.testkit.simulator.google.sql.InstanceRules.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The replica that a primary instance is designated for its disaster recovery, and that it can
 * change places with: https://cloud.google.com/sql/docs/postgres/use-advanced-disaster-recovery.
 */
final class DisasterRecovery {
  static final String CLUSTER = "replicationCluster";
  private static final String NAME = "failoverDrReplicaName";
  private static final String BACKUPS = "backupConfiguration";
  private static final String MAINTENANCE = "maintenanceWindow";

  /** What has to be the same at both, as the page has it. */
  private static final Set<String> SAME =
      Set.of(
          "max_connections",
          "max_worker_processes",
          "max_wal_senders",
          "max_prepared_transactions",
          "max_parallel_workers",
          "max_locks_per_transaction",
          "max_parallel_maintenance_workers",
          "max_parallel_workers_per_gather");

  /** https://cloud.google.com/sql/docs/postgres/advanced-dr-logical-failover-slot. */
  private static final int FIRST_WITH_FAILOVER_SLOTS = 17;

  private DisasterRecovery() {}

  private static String fullName(SimulatedInstance replica) {
    return replica.key().scope() + ":" + replica.key().name();
  }

  /** The designated one, as long as it is a replica of its primary. */
  static Optional<SimulatedInstance> designated(
      JsonNode primary, List<SimulatedInstance> replicas) {
    String name = primary.path(CLUSTER).path(NAME).asText();
    return replicas.stream().filter(replica -> fullName(replica).equals(name)).findFirst();
  }

  /**
   * Takes over what a patch designates, in the service's form of the name. An empty name, and none,
   * end a designation.
   *
   * @param instance as it is to be
   * @param replicas those that follow it
   */
  static void designate(ObjectNode instance, List<SimulatedInstance> replicas) {
    String name = instance.path(CLUSTER).path(NAME).asText();
    instance.remove(CLUSTER);
    if (name.isEmpty()) {
      return;
    }
    require(!ReplicaRules.isReplica(instance), "a replica has no disaster recovery replica");
    SimulatedInstance replica =
        replicas.stream()
            .filter(other -> other.key().name().equals(name) || fullName(other).equals(name))
            .findFirst()
            .orElseThrow(() -> GoogleRefusal.invalid("the instance has no direct replica " + name));
    check(instance, InstanceDocument.stored(replica));
    instance.putObject(CLUSTER).put(NAME, fullName(replica));
  }

  /** Refuses two that cannot change places. */
  static void check(ObjectNode primary, ObjectNode replica) {
    for (ObjectNode each : List.of(primary, replica)) {
      require(
          each.path("settings").path("edition").asText().equals(InstanceRules.PLUS_EDITION),
          "disaster recovery replicas are of the ENTERPRISE_PLUS edition, and their primaries too");
    }
    require(
        !ReplicaRules.decodes(replica)
            || InstanceRules.version(replica) >= FIRST_WITH_FAILOVER_SLOTS,
        "a disaster recovery replica has no flag " + ReplicaRules.DECODING);
    require(
        primary.path("settings").path(BACKUPS).path("pointInTimeRecoveryEnabled").asBoolean(),
        "a primary with a disaster recovery replica needs point-in-time recovery");
    require(
        !primary.path("region").equals(replica.path("region")),
        "a disaster recovery replica is in another region than its primary");
    require(
        sizes(primary).equals(sizes(replica)),
        "a disaster recovery replica has the same values of " + SAME + " as its primary");
  }

  /**
   * Keeps a pair from changes that it could not be made with. What the service makes of them, no
   * page says.
   *
   * @param instance one of the two, as it is to be
   */
  static void requireStillPair(ObjectNode instance) {
    JsonNode settings = instance.path("settings");
    boolean has =
        ReplicaRules.isReplica(instance)
            || settings.path(BACKUPS).path("pointInTimeRecoveryEnabled").asBoolean();
    if (!has || !settings.path("edition").asText().equals(InstanceRules.PLUS_EDITION)) {
      throw new NotSimulatedException(
          "a pair for disaster recovery that loses its edition or its point-in-time recovery");
    }
  }

  private static ObjectNode sizes(ObjectNode instance) {
    ObjectNode sizes = GoogleJson.object();
    SizeFlags.of(instance).forEach((name, value) -> sizes.put(name, value.toString()));
    InstanceRules.flags(instance)
        .forEach(
            (name, value) -> {
              if (SAME.contains(name)) {
                sizes.put(name, value);
              }
            });
    return sizes;
  }

  /**
   * What becomes of the designated replica at a switchover. It goes on to take backups and to be
   * maintained as its primary was, which takes its part.
   */
  static ObjectNode primaryOf(SimulatedInstance replica, SimulatedInstance former) {
    ObjectNode primary = InstanceDocument.stored(replica);
    ReplicaRules.becomeStandalone(primary);
    JsonNode before = InstanceDocument.stored(former).path("settings");
    ObjectNode settings = (ObjectNode) primary.get("settings");
    settings.set(BACKUPS, before.path(BACKUPS));
    if (before.has(MAINTENANCE)) {
      settings.set(MAINTENANCE, before.path(MAINTENANCE));
    }
    primary.putObject(CLUSTER).put(NAME, fullName(former));
    InstanceRules.countChange(primary);
    return primary;
  }

  /** What becomes of the primary at a switchover. */
  static ObjectNode replicaOf(SimulatedInstance former) {
    ObjectNode replica = InstanceDocument.stored(former);
    replica.remove(CLUSTER);
    ((ObjectNode) replica.get("settings")).remove(MAINTENANCE);
    ReplicaRules.becomeReplica(replica);
    InstanceRules.countChange(replica);
    return replica;
  }
}
