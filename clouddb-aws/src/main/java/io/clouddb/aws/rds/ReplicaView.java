/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.replica.Replica;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;

/**
 * What RDS says of replicas: its {@code StatusInfos} (<em>Monitoring read replication</em> in the
 * user guide), and the names by which source and replicas name each other: an identifier in the
 * same region, an ARN across regions.
 */
final class ReplicaView {
  private static final String REPLICATION = "read replication";

  private final RdsInstances instances;

  ReplicaView(RdsInstances instances) {
    this.instances = instances;
  }

  /** The replica that an instance is; empty when it is none. */
  Optional<Replica> replica(DBInstance instance) {
    return source(instance)
        .map(
            source ->
                new Replica(
                    instances.toInstance(instance), source, state(instance), status(instance)));
  }

  static boolean isReplica(DBInstance instance) {
    String source = instance.readReplicaSourceDBInstanceIdentifier();
    return source != null && !source.isEmpty();
  }

  Optional<ResourceId> source(DBInstance instance) {
    return isReplica(instance)
        ? Optional.of(id(instance, instance.readReplicaSourceDBInstanceIdentifier()))
        : Optional.empty();
  }

  List<ResourceId> replicas(DBInstance source) {
    return source.readReplicaDBInstanceIdentifiers().stream()
        .map(each -> id(source, each))
        .toList();
  }

  private ResourceId id(DBInstance beside, String nameOrArn) {
    return InstanceArn.of(nameOrArn)
        .map(instances::id)
        .orElseGet(() -> instances.id(beside, nameOrArn));
  }

  /** The region that an instance is in; empty when RDS does not name its ARN. */
  static Optional<String> region(DBInstance instance) {
    return InstanceArn.of(instance.dbInstanceArn()).map(InstanceArn::region);
  }

  /**
   * RDS' word in portable terms. A replica that is degraded has data from its source, but not all:
   * "one or more databases might not be getting updates".
   */
  static Replica.State state(DBInstance instance) {
    return switch (word(instance)) {
      case "replicating" -> Replica.State.REPLICATING;
      case "terminated" -> Replica.State.TERMINATED;
      case "error",
          "replication degraded",
          "stopped",
          "replication stop point set",
          "replication stop point reached" ->
          Replica.State.BROKEN;
      case "creating" -> Replica.State.STARTING;
      default -> Replica.State.UNKNOWN;
    };
  }

  private static Optional<DBInstanceStatusInfo> info(DBInstance instance) {
    return instance.statusInfos().stream()
        .filter(info -> REPLICATION.equals(info.statusType()))
        .findFirst();
  }

  /** RDS' word for the replication; for the instance where there is none of that yet. */
  static String word(DBInstance instance) {
    return info(instance).map(DBInstanceStatusInfo::status).orElse(instance.dbInstanceStatus());
  }

  /**
   * The word, and where RDS says more what that is: "details of the error if there is an error".
   */
  static String status(DBInstance instance) {
    String message = info(instance).map(DBInstanceStatusInfo::message).orElse("");
    return message.isBlank() ? word(instance) : word(instance) + ": " + message;
  }
}
