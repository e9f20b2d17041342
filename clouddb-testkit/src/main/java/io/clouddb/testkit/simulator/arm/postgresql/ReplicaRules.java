/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Objects;

/**
 * What Azure refuses of servers that replicate each other. The definitions have none of these
 * rules. A deletion was recorded; of the others the documents say that they hold, and not by which
 * code, so they are refused as other invalid values are. That a source is stopped before its
 * replicas and started after them is documented as an order to keep, and not as one that Azure
 * enforces: it is not refused here.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Read
 *     replicas</a>
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-read-replicas-portal">Create
 *     and manage read replicas</a>
 */
final class ReplicaRules {
  private final ManagedServers managed;

  ReplicaRules(ManagedServers managed) {
    this.managed = managed;
  }

  /** Refuses a replica that its source may not have. */
  void requireCreatable(SimulatedInstance source, ServerSettings replica) {
    int capacity = ReplicaRole.capacity(source);
    if (capacity == 0) {
      throw ArmRefusal.invalid(
          "sourceServerResourceId",
          source.key().name() + " is a replica that may not have replicas itself");
    }
    if (managed.replicasOf(source).size() >= capacity) {
      throw ArmRefusal.invalid(
          "sourceServerResourceId",
          source.key().name() + " has " + capacity + " replicas, which is the most");
    }
    if (ServerDocument.settings(source).isBurstable()) {
      throw burstable();
    }
    requireReplica(replica);
    requireAsLarge(source.key().name(), replica, ServerDocument.settings(source));
  }

  private static ArmRefusal burstable() {
    return ArmRefusal.invalid(
        "sku.tier", "read replicas are not supported for the Burstable compute tier");
  }

  private static void requireReplica(ServerSettings replica) {
    if (replica.isBurstable()) {
      throw burstable();
    }
    if (replica.hasStandby()) {
      throw ArmRefusal.invalid(
          "highAvailability.mode", "high availability is not supported on read replicas");
    }
  }

  private static void requireAsLarge(String source, ServerSettings replica, ServerSettings of) {
    if (replica.processors() < of.processors()) {
      throw ArmRefusal.invalid(
          "sku.name", "a read replica has at least the vCores of its source " + source);
    }
    if (replica.storageGib() < of.storageGib()) {
      throw ArmRefusal.invalid(
          "storageSizeGB", "a read replica has at least the storage of its source " + source);
    }
    if (of.autoGrow() && !replica.autoGrow()) {
      throw ArmRefusal.invalid(
          "storage.autoGrow", "it is enabled on the replicas of a server before on " + source);
    }
  }

  /** Refuses a change that would make a server and its source, or its replicas, not fit. */
  void requireChangeable(SimulatedInstance instance, ServerSettings next, KnownFields body) {
    if (instance.source().isPresent()) {
      SimulatedInstance source = instance.source().get();
      if (body.text("properties.administratorLoginPassword").isPresent()) {
        throw ArmRefusal.invalid(
            "administratorLoginPassword",
            "resetting the admin password on a read replica is not supported");
      }
      if (next.retentionDays() != ServerDocument.settings(instance).retentionDays()) {
        throw ArmRefusal.invalid(
            "backupRetentionDays", "backups are not supported on read replicas");
      }
      requireReplica(next);
      requireAsLarge(source.key().name(), next, ServerDocument.settings(source));
    }
    List<SimulatedInstance> replicas = managed.replicasOf(instance);
    if (!replicas.isEmpty() && next.isBurstable()) {
      throw burstable();
    }
    for (SimulatedInstance replica : replicas) {
      requireAsLarge(instance.key().name(), ServerDocument.settings(replica), next);
    }
  }

  /** Refuses the deletion of a server that has replicas, as recorded. */
  void requireDeletable(SimulatedInstance instance) {
    int count = managed.replicasOf(instance).size();
    if (count > 0) {
      throw new ArmRefusal(
          400,
          "ReadReplicaServersExistForSourceServer",
          "Server '"
              + instance.key().name()
              + "' has '"
              + count
              + "' active replicas.Drop operation on server with replicas not allowed.");
    }
  }

  /** Refuses to promote what is no replica, or has replicas itself; gives its source. */
  SimulatedInstance requirePromotable(SimulatedInstance instance) {
    SimulatedInstance source =
        instance
            .source()
            .orElseThrow(
                () -> ArmRefusal.invalid("replica", instance.key().name() + " is no read replica"));
    if (!managed.replicasOf(instance).isEmpty()) {
      throw ArmRefusal.invalid(
          "replica", "a read replica that has replicas itself cannot be promoted");
    }
    return source;
  }

  /** Refuses to have a replica and its source change places that are not read by one name. */
  void requireReader(SimulatedInstance replica, VirtualEndpoints endpoints) {
    if (!endpoints.isReader(replica)) {
      throw ArmRefusal.invalid(
          "replica.promoteMode",
          replica.key().name() + " is not the reader of a virtual endpoint of its primary");
    }
  }

  /** Refuses to have two servers change places that are not alike. */
  void requireAlike(SimulatedInstance source, SimulatedInstance replica) {
    ServerSettings one = ServerDocument.settings(source);
    ServerSettings other = ServerDocument.settings(replica);
    boolean alike =
        one.tier().equals(other.tier())
            && one.processors() == other.processors()
            && one.storageGib() == other.storageGib();
    if (!alike) {
      throw ArmRefusal.invalid(
          "replica.promoteMode", "the servers differ in their tiers, vCores or storage sizes");
    }
    for (String name : Configurations.SIZES) {
      if (!Objects.equals(source.parameters().get(name), replica.parameters().get(name))) {
        throw ArmRefusal.invalid("replica.promoteMode", "the servers differ in " + name);
      }
    }
  }
}
