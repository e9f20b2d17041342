/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.Replica;
import java.util.List;
import java.util.Optional;

/** What an instance says of whom it follows, and of who follows it. */
final class Replication {
  static final String REPLICA = "READ_REPLICA_INSTANCE";

  private Replication() {}

  /** Whether it follows another instance, and can be promoted: a read pool cannot. */
  static boolean isReplica(DatabaseInstance found) {
    return REPLICA.equals(found.getInstanceType()) && source(found).isPresent();
  }

  /** The name of what it follows. The service writes the project before it. */
  static Optional<String> source(DatabaseInstance found) {
    return Optional.ofNullable(found.getMasterInstanceName())
        .map(Replication::name)
        .filter(name -> !name.isEmpty());
  }

  /** The name alone, of one that may have its project before it. */
  static String name(String name) {
    return name.substring(name.lastIndexOf(':') + 1);
  }

  /** The names of those that follow it. */
  static List<String> replicas(DatabaseInstance found) {
    return found.getReplicaNames() == null
        ? List.of()
        : found.getReplicaNames().stream().map(Replication::name).sorted().toList();
  }

  /** Whether its edition has disaster recovery. */
  static boolean isPlus(DatabaseInstance found) {
    return found.getSettings() != null
        && Tier.ENTERPRISE_PLUS.equals(found.getSettings().getEdition());
  }

  /** Whether its primary has designated it for disaster recovery. */
  static boolean isDesignated(DatabaseInstance found) {
    return found.getReplicationCluster() != null
        && Boolean.TRUE.equals(found.getReplicationCluster().getDrReplica());
  }

  /** The replica that a primary has designated for its disaster recovery. */
  static Optional<String> designated(DatabaseInstance primary) {
    return Optional.ofNullable(primary.getReplicationCluster())
        .map(cluster -> cluster.getFailoverDrReplicaName())
        .map(Replication::name)
        .filter(name -> !name.isEmpty());
  }

  private static boolean isPaused(DatabaseInstance found) {
    return found.getSettings() != null
        && Boolean.FALSE.equals(found.getSettings().getDatabaseReplicationEnabled());
  }

  /** How far behind it is, the service does not tell here: its metrics and the database do. */
  static Replica.State state(DatabaseInstance found) {
    InstanceState state = InstanceReader.state(found);
    if (isPaused(found)) {
      return Replica.State.BROKEN;
    }
    return switch (state) {
      case AVAILABLE -> Replica.State.REPLICATING;
      case CREATING -> Replica.State.STARTING;
      case FAILED, STOPPED -> Replica.State.BROKEN;
      default -> Replica.State.UNKNOWN;
    };
  }

  /** The service's word for it. */
  static String nativeState(DatabaseInstance found) {
    return found.getState() + (isPaused(found) ? ", replication disabled" : "");
  }
}
