/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.Set;
import java.util.TreeSet;

/**
 * What RDS refuses to PostgreSQL because of replicas. Where a sentence is the service's own,
 * callers have published it; the others are in no definition, and only their codes are RDS'.
 *
 * <ul>
 *   <li>API Reference, {@code CreateDBInstanceReadReplica}, {@code PromoteReadReplica} and {@code
 *       ModifyDBInstance}: backups of a source, how many replicas there may be, who can have keys;
 *   <li>User Guide, <em>Using cascading read replicas with RDS for PostgreSQL</em>: from version
 *       14.1 on, three replicas in a chain, in two regions at most, each of whose sources has
 *       backups, and at most five replicas where it is one itself;
 *   <li>User Guide, <em>Stopping an Amazon RDS DB instance temporarily</em>: not with replicas;
 *   <li>User Guide, <em>Limitations for Secrets Manager integration</em>: no managed password.
 * </ul>
 */
final class ReplicaRules {
  /** "Each DB instance can have up to 15 read replicas", which names no region. */
  private static final int MOST_REPLICAS = 15;

  /**
   * "15 read replicas for each source DB instance at first level of replication, and 5 read
   * replicas for each source DB instance at the second and third level".
   */
  private static final int MOST_REPLICAS_OF_A_REPLICA = 5;

  private static final int MOST_LEVELS = 3;
  private static final int MOST_REGIONS = 2;
  private static final int CASCADING = 14;

  private ReplicaRules() {}

  /** Refuses a source that can have no replica in a region. */
  static void source(RdsState state, SimulatedInstance source, String region) {
    if (source.state() != InstanceState.AVAILABLE || !InstanceXml.imposed(source).isEmpty()) {
      throw invalidState("Instance " + source.key().name() + " is not in available state.");
    }
    if (source.attribute(Members.RETENTION, Integer.class).orElse(0) == 0) {
      throw invalidState(
          "Automated backups are not enabled for this database instance. To enable automated"
              + " backups, use ModifyDBInstance to set the backup retention period to a non-zero"
              + " value.");
    }
    if (source.attribute(Members.SECRET, String.class).isPresent()) {
      throw AwsError.value(
          "Creating read replicas for source instance with engine postgres where"
              + " ManageMasterUserPassword is enabled is not supported.");
    }
    int most = source.source().isPresent() ? MOST_REPLICAS_OF_A_REPLICA : MOST_REPLICAS;
    if (state.servers().replicasOf(source).size() >= most) {
      throw AwsError.badRequest(
          "InstanceQuotaExceeded",
          "DB instance " + source.key().name() + " has " + most + " read replicas");
    }
    if (source.source().isPresent()) {
      cascading(source);
      chain(source, region);
    }
  }

  private static void cascading(SimulatedInstance source) {
    if (isOld(source)) {
      throw invalidState(
          "A read replica of postgres "
              + version(source)
              + " has no read replicas of its own: they are there from version 14.1 on");
    }
  }

  /** Before 14.1. */
  private static boolean isOld(SimulatedInstance instance) {
    String version = version(instance);
    return InstanceRules.major(version) < CASCADING || version.equals(CASCADING + ".0");
  }

  private static String version(SimulatedInstance instance) {
    return instance.attribute(Members.VERSION, String.class).orElseThrow();
  }

  private static void chain(SimulatedInstance source, String region) {
    Set<String> regions = new TreeSet<>(Set.of(region));
    int levels = 0;
    SimulatedInstance at = source;
    while (at != null) {
      levels++;
      regions.add(RdsState.region(at.key()));
      at = at.source().orElse(null);
    }
    if (levels > MOST_LEVELS) {
      throw invalidState(
          "A chain of read replicas of postgres has at most "
              + MOST_LEVELS
              + " of them, and "
              + source.key().name()
              + " is the last one of such a chain");
    }
    if (regions.size() > MOST_REGIONS) {
      throw invalidState(
          "A chain of read replicas of postgres spans at most " + MOST_REGIONS + " regions");
    }
  }

  /** Refuses that an instance is stopped. */
  static void stopped(RdsState state, SimulatedInstance instance) {
    if (instance.source().isPresent()) {
      throw invalidState("Cannot stop or start a Read-Replica instance");
    }
    if (!state.servers().replicasOf(instance).isEmpty()) {
      throw invalidState("Cannot stop or start an instance that has a Read-Replica");
    }
  }

  /** Refuses that backups of a source are turned off. */
  static void retention(RdsState state, SimulatedInstance instance, int days) {
    if (days == 0 && !state.servers().replicasOf(instance).isEmpty()) {
      throw AwsError.combination(
          "BackupRetentionPeriod can't be set to 0 if the DB instance is a source to read"
              + " replicas.");
    }
  }

  /**
   * Refuses that backups of a replica are turned on, where replicas have none: User Guide,
   * <em>Working with read replicas for Amazon RDS for PostgreSQL</em>, "supported for RDS for
   * PostgreSQL 14.1 and higher versions only".
   */
  static void backups(SimulatedInstance instance, int days) {
    if (days > 0 && instance.source().isPresent() && isOld(instance)) {
      throw invalidState("DB Backups not supported on a read replica for engine postgres");
    }
  }

  /**
   * Whether a replica takes over when its source is deleted: User Guide, <em>Working with read
   * replicas</em>, "If you delete a source DB instance without deleting its read replicas in the
   * same AWS Region, each read replica is promoted to a standalone DB instance."
   */
  static boolean inherits(SimulatedInstance replica, SimulatedInstance source) {
    return RdsState.region(replica.key()).equals(RdsState.region(source.key()));
  }

  static AwsError invalidState(String text) {
    return AwsError.badRequest("InvalidDBInstanceState", text);
  }
}
