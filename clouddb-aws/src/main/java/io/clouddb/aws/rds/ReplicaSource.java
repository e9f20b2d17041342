/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.replica.ReplicaSpec;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * What only a look at the source can tell: <em>Working with DB instance read replicas</em>,
 * <em>Working with read replicas for Amazon RDS for PostgreSQL</em> and <em>Creating a read replica
 * in a different AWS Region</em> in the RDS user guide. All that is wrong, at once.
 */
final class ReplicaSource {
  /** <em>Read replica configuration with PostgreSQL</em> in the user guide. */
  private static final int MOST_REPLICAS = 15;

  private ReplicaSource() {}

  static void require(DBInstance source, ReplicaSpec spec, String region) {
    List<String> problems = new ArrayList<>();
    if (!"postgres".equals(source.engine())) {
      problems.add("its engine is " + source.engine() + ", and only postgres is followed here");
    }
    if (!RdsStates.usable(source.dbInstanceStatus()) && !passing(source)) {
      problems.add("it is " + source.dbInstanceStatus());
    }
    if (source.backupRetentionPeriod() == null || source.backupRetentionPeriod() == 0) {
      problems.add("its automated backups are off: switch them on by modify(...).backups(...)");
    }
    if (source.masterUserSecret() != null) {
      problems.add(
          "RDS manages its password, and lets no such instance be followed"
              + " (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html)");
    }
    if (source.readReplicaDBInstanceIdentifiers().size() >= MOST_REPLICAS) {
      problems.add("it has " + MOST_REPLICAS + " replicas, which is the most");
    }
    boolean far = spec.source().filter(id -> !id.location().equals(region)).isPresent();
    boolean encrypted = Boolean.TRUE.equals(source.storageEncrypted());
    if (far && encrypted && spec.encryptionKey().isEmpty()) {
      problems.add(
          "it is encrypted, and its key cannot be used in "
              + region
              + ": name a key of that region by encryptionKey(...)");
    }
    if (!encrypted && spec.encryptionKey().isPresent()) {
      problems.add("it is not encrypted, and a replica is encrypted only when its source is");
    }
    if (!problems.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              source.dbInstanceIdentifier()
                  + " cannot have this replica: "
                  + String.join("; ", problems))
          .resource(source.dbInstanceArn())
          .operation("rds.CreateDBInstanceReadReplica")
          .nextStep("Mend that, or change the spec; nothing has happened.")
          .toException();
    }
  }

  /** The request waits for it. */
  private static boolean passing(DBInstance source) {
    String status = source.dbInstanceStatus();
    return !RdsStates.resting(status) && !status.equals(RdsStates.DELETING);
  }
}
