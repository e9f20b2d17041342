/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * What cannot be changed of a replica, or of its source. RDS refuses most of it, after the steps
 * that come before; that a replica has no points in time it tells nobody.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html">
 *     Working with read replicas for Amazon RDS for PostgreSQL</a>: "Automated backups for read
 *     replicas are supported for RDS for PostgreSQL 14.1 and higher versions only", "Point-in-time
 *     recovery (PITR) isn't supported for read replicas"; the API Reference, {@code
 *     ModifyDBInstance}, {@code BackupRetentionPeriod}: "Can't be set to 0 if the DB instance is a
 *     source to read replicas"
 */
final class ReplicatedChange {
  private ReplicatedChange() {}

  /**
   * Says why a change cannot be made.
   *
   * @param change what is asked for
   * @param instance the instance as it is
   * @return the reason; empty when it can, as far as replicas go
   */
  static Optional<CloudDbException> refusal(InstanceChange change, DBInstance instance) {
    List<String> problems = new ArrayList<>();
    if (ReplicaView.isReplica(instance)) {
      ofAReplica(problems, change, instance);
    }
    String nextStep =
        problems.isEmpty()
            ? "Promote or delete the replicas first."
            : "Leave it out, change the source, or promote the replica first.";
    List<String> replicas = instance.readReplicaDBInstanceIdentifiers();
    if (!replicas.isEmpty() && change.backups().filter(policy -> !policy.enabled()).isPresent()) {
      problems.add("its replicas need its backups (" + String.join(", ", replicas) + ")");
    }
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ErrorDetails.of(
                    ErrorCategory.CONDITION_FAILED,
                    instance.dbInstanceIdentifier()
                        + " cannot be changed so: "
                        + String.join("; ", problems))
                .operation("rds.ModifyDBInstance")
                .resource(instance.dbInstanceArn())
                .nextStep(nextStep)
                .toException());
  }

  private static void ofAReplica(
      List<String> problems, InstanceChange change, DBInstance instance) {
    if (change.adminPassword().isPresent()) {
      problems.add("it is a replica, whose password is its source's");
    }
    Optional<BackupPolicy> backups = change.backups().filter(BackupPolicy::enabled);
    if (backups.isPresent() && !ReplicaSource.cascades(instance.engineVersion())) {
      problems.add(
          "it is a replica of version "
              + instance.engineVersion()
              + ", and replicas have backups from version 14.1 on");
    }
    if (backups.filter(BackupPolicy::pointInTime).isPresent()) {
      problems.add("it is a replica, and RDS restores no replica to a point in time");
    }
  }
}
