/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * What only a look at the source can tell. All that is wrong, at once.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html">
 *     Working with read replicas for Amazon RDS for PostgreSQL</a>, with its parts <em>Read replica
 *     configuration</em>, <em>Cascading</em> and <em>Cross-Region cascading</em>
 */
final class ReplicaSource {
  /**
   * "Each DB instance can have up to 15 read replicas": the API Reference, {@code
   * SourceDBInstanceIdentifier}. It names no region, so those of all regions count.
   */
  private static final int MOST_REPLICAS = 15;

  /**
   * "15 read replicas for each source DB instance at first level of replication, and 5 read
   * replicas for each source DB instance at the second and third level".
   */
  private static final int MOST_REPLICAS_OF_A_REPLICA = 5;

  /** "You can create a series of up to three read replicas in a chain from a source." */
  static final int MOST_LEVELS = 3;

  /** "A cross-Region cascading chain of database replicas can span a maximum of two Regions." */
  private static final int MOST_REGIONS = 2;

  /**
   * "RDS for PostgreSQL supports cascading read replicas on RDS for PostgreSQL version 14.1 and
   * higher releases only."
   */
  private static final int CASCADING_MAJOR = 14;

  private static final int CASCADING_MINOR = 1;

  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})(?:\\.([0-9]{1,4}))?.*");

  private ReplicaSource() {}

  /**
   * Says why an instance cannot have a replica.
   *
   * @param source the instance
   * @param above what it follows itself, and what that follows, as far as it can be seen
   * @param request what is to be sent, with the caller's own changes
   * @param region the replica's
   * @return the reason; empty when it can, at once or when its state has passed
   */
  static Optional<CloudDbException> refusal(
      DBInstance source,
      List<ResourceId> above,
      CreateDbInstanceReadReplicaRequest request,
      String region) {
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
    int most = ReplicaView.isReplica(source) ? MOST_REPLICAS_OF_A_REPLICA : MOST_REPLICAS;
    if (source.readReplicaDBInstanceIdentifiers().size() >= most) {
      problems.add("it has " + most + " replicas, which is the most");
    }
    String its = ReplicaView.region(source).orElse(region);
    chain(problems, source, above, List.of(its, region));
    key(problems, source, request.kmsKeyId() != null, its, region);
    return problems.isEmpty() ? Optional.empty() : Optional.of(refused(source, problems));
  }

  private static void chain(
      List<String> problems, DBInstance source, List<ResourceId> above, List<String> ends) {
    if (!ReplicaView.isReplica(source)) {
      return;
    }
    if (!cascades(source.engineVersion())) {
      problems.add(
          "it is a replica of version "
              + source.engineVersion()
              + ", and replicas of replicas are there from version "
              + CASCADING_MAJOR
              + "."
              + CASCADING_MINOR
              + " on");
    }
    if (above.size() >= MOST_LEVELS) {
      problems.add(
          "it is the last of a chain of " + MOST_LEVELS + " replicas, which is the longest");
    }
    Set<String> regions = new TreeSet<>(ends);
    above.forEach(id -> regions.add(id.location()));
    if (regions.size() > MOST_REGIONS) {
      problems.add(
          "its chain would be in the regions "
              + String.join(", ", regions)
              + ", and spans at most "
              + MOST_REGIONS);
    }
  }

  /** Whether replicas of a version have replicas, and backups, of their own. */
  static boolean cascades(@Nullable String version) {
    Matcher parts = VERSION.matcher(version == null ? "" : version);
    if (!parts.matches()) {
      return true;
    }
    int major = Integer.parseInt(parts.group(1));
    int minor = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
    return major > CASCADING_MAJOR || (major == CASCADING_MAJOR && minor >= CASCADING_MINOR);
  }

  /** <em>Creating a read replica in a different AWS Region</em>. */
  private static void key(
      List<String> problems, DBInstance source, boolean hasKey, String its, String region) {
    boolean encrypted = Boolean.TRUE.equals(source.storageEncrypted());
    if (!its.equals(region) && encrypted && !hasKey) {
      problems.add(
          "it is encrypted, and its key cannot be used in "
              + region
              + ": name a key of that region by encryptionKey(...)");
    }
    if (its.equals(region) && hasKey) {
      problems.add("a replica in its region has its key, and RDS takes no other");
    } else if (!encrypted && hasKey) {
      problems.add("it is not encrypted, and a replica is encrypted only when its source is");
    }
  }

  private static CloudDbException refused(DBInstance source, List<String> problems) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            source.dbInstanceIdentifier()
                + " cannot have this replica: "
                + String.join("; ", problems))
        .resource(source.dbInstanceArn())
        .operation("rds.CreateDBInstanceReadReplica")
        .nextStep("Mend that, or change the spec; nothing has happened.")
        .toException();
  }

  /** The request waits for it. */
  private static boolean passing(DBInstance source) {
    String status = source.dbInstanceStatus();
    return !RdsStates.resting(status) && !status.equals(RdsStates.DELETING);
  }
}
